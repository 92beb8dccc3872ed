using System.Text.Json.Serialization;
using Ark.Core.Sites;

namespace Ark.Core.Sizing;

/// <summary>Printed in the spec's tables, or computed by its rules.</summary>
public enum SizeOrigin { Published, Computed }

/// <summary>A number and where it comes from.</summary>
/// <param name="Rules">Ids of <see cref="SizingRules"/>, the first one decides; never empty.</param>
/// <param name="Why">The rule applied to this plan.</param>
/// <param name="Or">The other number where the source prints two.</param>
public sealed record Sized(long Value, SizeOrigin Origin, IReadOnlyList<string> Rules, string Why, long? Or = null)
{
    /// <summary><see cref="Why"/>, to be said in another language.</summary>
    [JsonIgnore] public Phrase Said { get; init; } = Why;

    internal static Sized Published(long value, Phrase why, params SizingRule[] rules) => Of(value, SizeOrigin.Published, [.. rules.Select(r => r.Id)], why);

    internal static Sized Computed(long value, Phrase why, params SizingRule[] rules) => Of(value, SizeOrigin.Computed, [.. rules.Select(r => r.Id)], why);

    internal static Sized Of(long value, SizeOrigin origin, IReadOnlyList<string> rules, Phrase why) => new(value, origin, rules, why.ToString()) { Said = why };

    internal Sized Because(Phrase why) => this with { Why = why.ToString(), Said = why };

    public override string ToString() => Or is null ? $"{Value}" : $"{Value}/{Or}";
}

/// <summary>What a mix of products needs, each number with its rules.</summary>
public sealed record SizingPlan
{
    /// <summary>Products in the order of mixes; DBPaaS is part of DRDS and not named beside it.</summary>
    public required IReadOnlyList<string> Products { get; init; }

    public required SiteMode Mode { get; init; }

    public required Edition Edition { get; init; }

    public required Purpose Purpose { get; init; }

    /// <summary>Whether the machines are a published row's.</summary>
    public required SizeOrigin Origin { get; init; }

    /// <summary>Name of the published row; null if computed.</summary>
    public string? Row { get; init; }

    /// <summary>All machines of Ark's own: without test machines, business databases and what else the customer brings.</summary>
    public required Sized Machines { get; init; }

    public required IReadOnlyList<SizedMachineType> MachineTypes { get; init; }

    /// <summary>The same machines by what stands on them; together <see cref="Machines"/>, or its other number.</summary>
    public required IReadOnlyList<MachineGroup> Groups { get; init; }

    public required IReadOnlyList<SizedInstances> Instances { get; init; }

    /// <summary>What the arrangement carries: messages, cores, queries, transactions.</summary>
    public required IReadOnlyList<SizedAmount> Carries { get; init; }

    /// <summary>What all containers take together where §5.2 prints totals: containers, cores, bytes of memory and disk.</summary>
    public required IReadOnlyList<SizedAmount> Needs { get; init; }

    public required IReadOnlyList<SizedAmount> Addresses { get; init; }

    /// <summary>Usable bytes, by machine type and in all.</summary>
    public required IReadOnlyList<SizedAmount> Disks { get; init; }

    /// <summary>Machines beside Ark's own: for tests, business databases, FTP, EDAS service nodes.</summary>
    public required IReadOnlyList<OutsideMachines> Outside { get; init; }

    public required IReadOnlyList<Person> People { get; init; }

    /// <summary>How a computed plan differs from the nearest published row; null if published.</summary>
    public NearestRow? Nearest { get; init; }

    public required IReadOnlyList<SizingNote> Notes { get; init; }

    /// <summary>The rules that any number or note cites, in the order of <see cref="SizingRules.All"/>.</summary>
    public required IReadOnlyList<SizingRule> Rules { get; init; }

    /// <summary>Warnings: products that were asked for and that the tables have no size for.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];
}

public sealed record SizedMachineType(MachineType Type, Sized Count);

/// <summary>Whether machines serve applications or hold the control services.</summary>
public enum GroupRole { Service, Control, Shared }

/// <summary>Machines of one type with the same on them.</summary>
/// <param name="Id">mq, drds, replication, logs, arms, gts, control, all, services.</param>
/// <param name="Components">What stands on these machines, spread over them evenly; by name as in <see cref="SizingPlan.Instances"/>.</param>
public sealed record MachineGroup(string Id, GroupRole Role, string Type, Sized Count, IReadOnlyList<string> Components);

/// <param name="Product">Empty for what every product brings.</param>
public sealed record SizedInstances(string Component, string Product, Sized Count);

/// <param name="Unit">messages/s, cores, queries/s, tps, containers, addresses, bytes.</param>
public sealed record SizedAmount(string Name, Sized Amount, string Unit);

/// <param name="Kind">acceptance, test, businessDatabase, ftp, edasNode.</param>
/// <param name="Count">Null: to be sized with the customer.</param>
/// <param name="Size">As printed: <c>2c4g80G</c>; empty where the source says nothing.</param>
public sealed record OutsideMachines(string Kind, Sized? Count, string Size, string BroughtBy, IReadOnlyList<string> Rules, string Why)
{
    /// <summary><see cref="Why"/>, to be said in another language.</summary>
    [JsonIgnore] public Phrase Said { get; init; } = Why;
}

/// <summary>A line of the people table. The name is filled in by whoever plans.</summary>
/// <param name="Days">Person-days.</param>
public sealed record Person(string Name, string Role, string Work, Sized Days);

/// <summary>The published row that has the most in common, and what makes the difference.</summary>
/// <param name="Difference">This plan's machines less the row's; the sum of the lines.</param>
public sealed record NearestRow(string Row, long Machines, long Difference, IReadOnlyList<DifferenceLine> Lines);

/// <param name="Machines">More machines (or fewer, below zero) than in the published row.</param>
public sealed record DifferenceLine(string Text, long Machines, IReadOnlyList<string> Rules)
{
    /// <summary><see cref="Text"/>, to be said in another language.</summary>
    [JsonIgnore] public Phrase Said { get; init; } = Text;

    internal static DifferenceLine Of(Phrase text, long machines, IReadOnlyList<string> rules) => new(text.ToString(), machines, rules) { Said = text };
}

public sealed record SizingNote(string Text, IReadOnlyList<string> Rules)
{
    /// <summary><see cref="Text"/>, to be said in another language.</summary>
    [JsonIgnore] public Phrase Said { get; init; } = Text;
}

/// <summary>The JSON of plans: camelCase, sizes in bytes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    Converters = [typeof(SizingWord<SiteMode>), typeof(SizingWord<Edition>), typeof(SizingWord<Purpose>), typeof(SizingWord<SizeOrigin>), typeof(SizingWord<GroupRole>), typeof(SizingWord<Severity>)])]
[JsonSerializable(typeof(SizingPlan))]
public sealed partial class SizingJson : JsonSerializerContext;

/// <summary>Enums by their lower-case names.</summary>
public sealed class SizingWord<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.CamelCase) where T : struct, Enum;
