namespace Ark.Core.Checks;

/// <summary>
/// Which machines try to reach which. On a site of up to 64 each tries every other. On a larger one each tries 32 others, spread evenly over the
/// site's order, so that every machine is tried from just as many and the round grows with the machines, not with their square.
/// </summary>
public static class ProbeRound
{
    /// <summary>The largest site on which every way is tried.</summary>
    public const int Whole = 64;

    /// <summary>How many others each machine of a larger site tries.</summary>
    public const int Chosen = 32;

    /// <summary>Places of the machines that one tries. The same for the same numbers, without itself, each once.</summary>
    /// <param name="place">Of the machine that tries, from 0, in the order of the properties.</param>
    /// <param name="machines">Of the site, those that were not reached too.</param>
    public static IEnumerable<int> OthersOf(int place, int machines)
    {
        var (others, tried) = (machines - 1, Tried(machines));
        for (var i = 0; i < tried; i++)
            yield return (place + 1 + (int)((long)i * others / tried)) % machines;
    }

    /// <summary>How many others each machine tries.</summary>
    public static int Tried(int machines) => machines <= Whole ? machines - 1 : Chosen;

    /// <summary>For evidence: nothing where all ways were tried, otherwise how many.</summary>
    internal static string Share(int machines) => machines <= Whole ? "" : $"; {Tried(machines)} of {machines - 1} others tried";
}

/// <summary>Connections that were tried, found by either end.</summary>
internal sealed class ProbeTable(IReadOnlyList<PortProbe> all)
{
    private readonly Lazy<ILookup<string, PortProbe>> _from = new(() => all.ToLookup(p => p.From, StringComparer.Ordinal));
    private readonly Lazy<ILookup<string, PortProbe>> _to = new(() => all.ToLookup(p => p.To, StringComparer.Ordinal));

    public IReadOnlyList<PortProbe> All => all;

    public IEnumerable<PortProbe> From(string machine) => _from.Value[machine];

    public IEnumerable<PortProbe> To(string machine) => _to.Value[machine];
}

/// <summary>A site's machines in their order, found by address.</summary>
internal sealed class MachineTable(IReadOnlyList<HostFacts> all)
{
    private readonly Lazy<Dictionary<string, int>> _places = new(() =>
    {
        Dictionary<string, int> places = new(all.Count, StringComparer.Ordinal);
        for (var i = 0; i < all.Count; i++) places.TryAdd(all[i].Machine, i);
        return places;
    });

    public IReadOnlyList<HostFacts> All => all;

    /// <summary>Null: none of the site's.</summary>
    public HostFacts? Find(string machine) => _places.Value.TryGetValue(machine, out var place) ? all[place] : null;

    /// <summary>Machines that one of the site's is to try.</summary>
    public IEnumerable<HostFacts> OthersOf(HostFacts machine) => ProbeRound.OthersOf(_places.Value[machine.Machine], all.Count).Select(i => all[i]);
}
