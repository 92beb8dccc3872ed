using System.Text.Json;
using Ark.Core.Planning;
using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>The table of instances, or its JSON.</summary>
public static class StatusView
{
    public static void Show(SiteStatus status, bool json)
    {
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(status, StatusJson.Default.SiteStatus));
            return;
        }

        var table = new Table { Border = TableBorder.Simple, ShowRowSeparators = false };
        foreach (var heading in new[] { Text.Instance, Text.Address, Text.Image, Text.Health, Text.Proof }) table.AddColumn(heading);
        var told = new HashSet<string>();
        foreach (var instance in status.Instances)
        {
            // What a component's proofs show is told once: they are its, not each instance's.
            var words = Words(instance.Proof, first: told.Add(instance.Component));
            table.AddRow(Plain(instance.Name), Plain(instance.Address), Plain(instance.Image), Coloured(instance.Health, instance.Health == "healthy"), Coloured(words, instance.Proof.Result == "passed"));
        }

        Terminal.Out.Write(table);
    }

    private static string Words(ProofStatus proof, bool first) => proof.Result == "notRun" ? "not run" : first ? $"{proof.Result}: {proof.Evidence}" : proof.Result;

    private static Markup Plain(string text) => new(Markup.Escape(text));

    private static Markup Coloured(string text, bool good) => new($"[{(good ? "green" : "red")}]{Markup.Escape(text)}[/]");
}
