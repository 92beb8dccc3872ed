using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ark.Lab.Labs;

/// <summary>A lab as it was asked for: what stands in its <c>lab.json</c>. Machines are numbered from 1.</summary>
/// <param name="Subnet">The machines' network, such as <c>10.88.0.0/24</c>; the switch has its first address, machine n has number 10 + n.</param>
/// <param name="Machines">How many machines it has.</param>
internal sealed record LabDefinition(string Name, string Subnet, int Machines)
{
    public const string DefaultName = "demo";
    public const string DefaultSubnet = "10.88.0.0/24";
    public const int DefaultMachines = 3;

    /// <summary>The account on every machine: not root, sudo asks for its password.</summary>
    public const string User = "ops";

    /// <summary>A published password: a lab can be reached from nowhere but the computer it is on.</summary>
    public const string Password = "ark-lab-Pw1";

    [JsonIgnore] public string Folder => LabHome.Of(Name);

    [JsonIgnore] public string Switch => $"ark-{Name}-sw";

    [JsonIgnore] public string Gateway => Address(1);

    [JsonIgnore] public IEnumerable<Machine> All => Enumerable.Range(1, Machines).Select(Machine);

    public Machine Machine(int number) => new(this, number);

    /// <summary>A host's address in the subnet.</summary>
    public string Address(int host)
    {
        var bytes = IPNetwork.Parse(Subnet).BaseAddress.GetAddressBytes();
        var value = ((uint)bytes[0] << 24 | (uint)bytes[1] << 16 | (uint)bytes[2] << 8 | bytes[3]) + (uint)host;
        return $"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}";
    }

    /// <summary>How many machines the subnet has room for.</summary>
    public static int Room(string subnet) => (1 << (32 - IPNetwork.Parse(subnet).PrefixLength)) - 2 - 10;

    /// <summary>The lab of that name in this clone, or null.</summary>
    public static LabDefinition? Read(string name)
    {
        var file = Path.Combine(LabHome.Of(name), "lab.json");
        return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllText(file), LabJson.Default.LabDefinition) : null;
    }

    public void Write()
    {
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, "lab.json");
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, LabJson.Default.LabDefinition));
        File.Move(file + ".new", file, overwrite: true);
    }
}

/// <summary>One machine of a lab.</summary>
/// <param name="Number">1 for m1.</param>
internal sealed record Machine(LabDefinition Lab, int Number)
{
    public string Name => $"m{Number}";

    public string Address => Lab.Address(10 + Number);

    public string Namespace => $"ark-{Lab.Name}-{Name}";

    public string Folder => Path.Combine(Lab.Folder, Name);

    /// <summary>Set while the machine is off the network.</summary>
    public string CutFile => Path.Combine(Folder, "cut");

    /// <summary>Says on or off: what the supervisor is to do when the machine has ended.</summary>
    public string PowerFile => Path.Combine(Folder, "power");

    /// <summary>The hardware address of a network card, the same after every boot, different in every lab.</summary>
    /// <param name="card">0 for eth0.</param>
    public string HardwareAddress(int card)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Lab.Name}/{Number}/{card}"));
        return "02:" + string.Join(':', hash.Take(5).Select(b => b.ToString("x2", null)));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LabDefinition))]
internal sealed partial class LabJson : JsonSerializerContext;
