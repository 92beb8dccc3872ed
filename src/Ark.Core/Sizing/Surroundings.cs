using static Ark.Core.Sizing.SizedProducts;
using R = Ark.Core.Sizing.SizingRules;

namespace Ark.Core.Sizing;

/// <summary>What stands beside Ark's machines, and who does the work.</summary>
internal static class Surroundings
{
    private const string Customer = "customer";

    public static IReadOnlyList<OutsideMachines> Machines(Demand demand)
    {
        List<OutsideMachines> all = [Machine("acceptance", Sized.Published(5, "in both modes", R.Acceptance), "2c4g100G")];
        if (Tests(demand) is { } tests)
            all.Add(tests);
        if (demand.Has(Drds))
        {
            var (first, second) = (R.BusinessDatabases, demand.IsPhysical ? R.TestsPhysical : R.VmDatabases);
            all.Add(demand.IsPoc
                ? Machine("businessDatabase", Sized.Published(3, "business databases of a PoC", first, second), "8c16g500G")
                : new("businessDatabase", null, "", Customer, [first.Id, second.Id], "sized with the customer's DBA"));
        }

        if (!demand.IsPoc)
            all.Add(Machine("ftp", Sized.Published(1, "receives the backups of the metadata database", [R.Ftp, .. demand.IsPhysical ? (SizingRule[])[] : [R.VmMetadata]]), ""));
        if (demand.EdasNodes > 0)
            all.Add(Machine("edasNode", Sized.Computed(demand.EdasNodes, "as asked for; the customer brings them", demand.IsTrial ? R.EditionTrial : R.EditionStandard), ""));
        return all;
    }

    private static OutsideMachines? Tests(Demand demand)
    {
        if (demand.Products.Count > 1)
            return Machine("test", Sized.Published(3, "as for every mix", [R.TestsPhysical, .. demand.IsPhysical ? (SizingRule[])[] : [R.MixVm]]), "2c4g80G");
        var rule = demand.IsPhysical ? R.SinglePhysical : R.SingleVm;
        return demand.Products[0] switch
        {
            Edas => Machine("test", Sized.Published(5, "EDAS alone", rule), "2c4g80G"),
            Csb or Mq => Machine("test", Sized.Published(1, $"{demand.Products[0]} alone", rule), "2c4g80G"),
            Arms => Machine("test", Sized.Published(1, "the customer's application", rule), ""),
            Drds when !demand.IsPoc => new("test", null, "", Customer, [rule.Id], "production: sized with the customer"),
            Drds when demand.Request.DrdsTest == DrdsTest.Simple => Machine("test", Sized.Published(1, "DRDS alone, simple test", rule), "2c4g80G"),
            Drds => Machine("test", Sized.Published(3, "DRDS alone, normal test; they can be the business databases", rule), "8c16g500G"),
            _ => null,
        };
    }

    private static OutsideMachines Machine(string kind, Sized count, string size) => new(kind, count, size, Customer, count.Rules, count.Why) { Said = count.Said };

    public static IReadOnlyList<Person> People(Demand demand, Sized machines)
    {
        List<Person> people =
        [
            Of("project manager", "agrees plan and dates, follows the delivery, hands over", 2 + Demand.Ceiling(machines.Value, 10), $"2, and 1 for every 10 of {machines.Value} machines"),
            Of("delivery engineer", "prepares and checks machines, deploys the base and the middleware, repairs", 3 + Demand.Ceiling(machines.Value, 8), $"3, and 1 for every 8 of {machines.Value} machines"),
        ];
        foreach (var product in demand.Products)
            people.Add(Of($"{product} engineer", $"sets up and accepts {product} with the customer, explains it", demand.IsPoc ? 1 : 2, demand.IsPoc ? "1 for a PoC" : "2 for production"));
        people.Add(Of("customer's system administrator", "provides machines, accounts, package source, NTP, domain", 1 + Demand.Ceiling(machines.Value, 20), $"1, and 1 for every 20 of {machines.Value} machines"));
        if (demand.IsPhysical)
            people.Add(Of("customer's network administrator", "provides the containers' VLAN, trunks, free addresses", 1, "1"));
        if (demand.Has(Drds))
            people.Add(Of("customer's DBA", "sizes and provides the business databases", demand.IsPoc ? 1 : 3, demand.IsPoc ? "1 for a PoC" : "3 for production"));
        people.Add(Of("customer's test engineer", "runs the acceptance tests", 1 + demand.Products.Count, "1, and 1 for every product"));
        return people;
    }

    private static Person Of(string role, string work, long days, Phrase why) => new("", role, work, Sized.Computed(days, why, R.PeopleTemplate, R.People));
}
