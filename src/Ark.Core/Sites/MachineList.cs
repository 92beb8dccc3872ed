using System.Net;

namespace Ark.Core.Sites;

/// <summary>Changes of the machines that the properties name.</summary>
public static class MachineList
{
    /// <summary>The text of <c>ark.properties</c> with other machines; everything else in it stays.</summary>
    public static string Set(string properties, IEnumerable<IPAddress> machines) => PropertiesWriter.Set(properties, "machine_ips", string.Join(',', machines));
}
