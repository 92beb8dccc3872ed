using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ark.Core.Checks;

/// <summary>What all machines of a site said at one time, as it is saved by <c>ark check --save</c> and judged again elsewhere.</summary>
/// <param name="Schema"><see cref="HostFacts.CurrentSchema"/>.</param>
/// <param name="Domain">Of the site.</param>
/// <param name="Machines">In the order of the properties, each once; those that were not reached too.</param>
public sealed record FactsFile(int Schema, DateTimeOffset At, string Domain, IReadOnlyList<HostFacts> Machines, IReadOnlyList<PortProbe> Probes)
{
    /// <summary>The site's properties without secrets and comments, so that the facts can be judged where the site's folder is not.</summary>
    public string Properties { get; init; } = "";

    /// <summary>What people had answered, by the requirement's number.</summary>
    public IReadOnlyDictionary<int, Answer> Answers { get; init; } = new Dictionary<int, Answer>();

    /// <summary>What the task that was carried along will take, by machine.</summary>
    public IReadOnlyDictionary<string, MachineNeeds> Needs { get; init; } = new Dictionary<string, MachineNeeds>();

    /// <summary>Of that task; null: none is known.</summary>
    public IReadOnlyList<string>? Products { get; init; }

    /// <summary>What the customer's database said; null: the site has none.</summary>
    public DatabaseFacts? Database { get; init; }

    /// <summary>How much goes from machine to machine; null: it was not asked for.</summary>
    public IReadOnlyList<BandwidthProbe>? Bandwidth { get; init; }

    private const string Again = "ark check --save FILE, at the site";

    public string Write() => JsonSerializer.Serialize(this, FactsJson.Default.FactsFile) + "\n";

    /// <summary>The same as UTF-8, piece by piece: the facts of a thousand machines are never in memory as one text.</summary>
    public void Write(Stream to)
    {
        JsonSerializer.Serialize(to, this, FactsJson.Default.FactsFile);
        to.WriteByte((byte)'\n');
    }

    /// <summary>Reads a file as <see cref="Write()"/> made it. A file of another schema, cut, or of another kind is refused.</summary>
    /// <param name="place">Its path, for messages.</param>
    public static Outcome<FactsFile> Read(string text, string place)
    {
        var bytes = Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'));
        try
        {
            if (OfKind(bytes, place) is { } problem) return Outcome<FactsFile>.Fail(problem);
            return JsonSerializer.Deserialize(bytes, FactsJson.Default.FactsFile) is { } file && Whole(file)
                ? Outcome<FactsFile>.Of(file)
                : Outcome<FactsFile>.Fail(new Problem("facts-unreadable", place, "The facts have an empty value where none can be, or name a machine twice.", Again));
        }
        catch (JsonException e)
        {
            return Outcome<FactsFile>.Fail(new Problem("facts-unreadable", e.LineNumber is { } line ? $"{place}:{line + 1}" : place, $"The file is cut or was changed: {e.Message.TrimEnd('.')}.", Again));
        }
    }

    /// <summary>Null for facts of this schema.</summary>
    private static Problem? OfKind(byte[] bytes, string place)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("machines", out _) || !root.TryGetProperty("schema", out var value) || value.ValueKind != JsonValueKind.Number
            || !value.TryGetInt32(out var schema))
            return new("facts-foreign", place, "These are no facts of machines.", Again);
        return schema switch
        {
            HostFacts.CurrentSchema => null,
            > HostFacts.CurrentSchema => new("facts-newer", place, $"The facts have schema {schema}; this Ark reads {HostFacts.CurrentSchema}.", "use the Ark that saved them, or a later one"),
            _ => new("facts-older", place, $"The facts have schema {schema}; this Ark reads {HostFacts.CurrentSchema}.", Again),
        };
    }

    /// <summary>What the types of JSON do not say: no null in a list or a map, and each machine once.</summary>
    private static bool Whole(FactsFile file) =>
        file is { Properties: not null, Answers: not null, Needs: not null }
        && Full(file.Answers.Values) && Full(file.Products) && Full(file.Database?.Grants) && Full(file.Bandwidth) && Full(file.Needs.Values) && file.Needs.Values.All(n => Full(n.Ports.Values) && Full(n.UdpPorts.Values))
        && Full(file.Machines) && Full(file.Probes) && file.Machines.All(Whole) && file.Machines.DistinctBy(m => m.Machine).Count() == file.Machines.Count;

    private static bool Whole(HostFacts m) =>
        m.Schema == HostFacts.CurrentSchema
        && Full(m.Os?.CgroupControllers) && Full(m.Cpu?.Flags) && Full(m.Memory?.SwapAfterReboot) && Full(m.Clock?.Sources)
        && Full(m.Names?.Addresses) && Full(m.Names?.Nameservers) && Full(m.Names?.Search) && Full(m.Names?.WildcardAddresses)
        && Full(m.Network?.Interfaces) && Full(m.Network?.Routes) && Full(m.Network?.Neighbours.Values) && (m.Network?.Interfaces.All(i => Full(i.Addresses)) ?? true)
        && Full(m.Security?.FirewallServices) && Full(m.Security?.FirewallAtBoot) && Full(m.Security?.InputRules) && Full(m.Security?.Sshd?.Values)
        && Full(m.Sysctls?.Values) && Full(m.Modules?.Values)
        && Full(m.Storage?.Disks) && Full(m.Storage?.FileSystems) && Full(m.Storage?.RaidArrays) && (m.Storage?.FileSystems.All(f => Full(f.Options)) ?? true)
        && Full(m.Software?.PackageSources) && Full(m.Software?.MissingTools) && Full(m.Software?.Conflicts)
        && Full(m.Listeners);

    private static bool Full<T>(IEnumerable<T>? values) => values?.All(v => v is not null) ?? true;
}

/// <summary>The JSON of facts: camelCase, enums by name. Nulls are written: they say that something could not be found out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(FactsFile))]
public sealed partial class FactsJson : JsonSerializerContext;
