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
        foreach (var instance in status.Instances)
            table.AddRow(Plain(instance.Name), Plain(instance.Address), Plain(instance.Image), Coloured(instance.Health, instance.Health == "healthy"), Coloured(Words(instance.Proof), instance.Proof.Result == "passed"));
        Terminal.Out.Write(table);
    }

    private static string Words(ProofStatus proof) => proof.Result == "passed" ? $"passed: {proof.Evidence}" : proof.Result == "failed" ? $"failed: {proof.Evidence}" : "not run";

    private static Markup Plain(string text) => new(Markup.Escape(text));

    private static Markup Coloured(string text, bool good) => new($"[{(good ? "green" : "red")}]{Markup.Escape(text)}[/]");
}
