using System.Text.Json.Serialization;

namespace Ark.Clients;

/// <summary>What the program is told on the first line of standard input, as JSON: the components that it shall write to.</summary>
internal sealed record Orders(IReadOnlyList<Order> Components);

/// <summary>One component and how it is reached.</summary>
/// <param name="Component">Its name in the catalogue.</param>
/// <param name="Addresses">All instances, as address:port of the port that clients use; for the cache the Sentinels' port.</param>
/// <param name="Account">Who logs in; null where there are no accounts.</param>
/// <param name="Password">Null where there is none.</param>
/// <param name="Database">The database; null where there are none.</param>
internal sealed record Order(string Component, IReadOnlyList<string> Addresses, string? Account, string? Password, string? Database)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Component} at {string.Join(", ", Addresses)}";
}

/// <summary>What the program says at the end, on standard output, as JSON.</summary>
/// <param name="Components">One a component, in the order of the orders.</param>
/// <param name="LongestPauseSeconds">How long this program itself did not get to run: a gap cannot be told more exactly than that.</param>
internal sealed record Report(IReadOnlyList<ComponentReport> Components, double LongestPauseSeconds);

/// <summary>What became of the writes to one component.</summary>
/// <param name="Acknowledged">Writes that were acknowledged.</param>
/// <param name="Unknown">Writes that were sent and not acknowledged: they may be there or not.</param>
/// <param name="Lost">Serial numbers of acknowledged writes that are not there, or not as written, through at least one instance.</param>
/// <param name="Unread">Serial numbers that another instance answered not to have, for longer than its replication may take.</param>
/// <param name="LongestGapSeconds">Longest time between two acknowledgements that follow each other, or from the last to the end.</param>
/// <param name="LongestGapAt">UTC time of the acknowledgement before that gap.</param>
/// <param name="ReadBack">How many writes were read through another instance while the writing went on.</param>
/// <param name="VerifiedThrough">The instances through which all was read at the end. Empty: nobody answered, so nothing is known.</param>
internal sealed record ComponentReport(
    string Component,
    int Acknowledged,
    int Unknown,
    IReadOnlyList<long> Lost,
    IReadOnlyList<long> Unread,
    double LongestGapSeconds,
    DateTime LongestGapAt,
    int ReadBack,
    IReadOnlyList<string> VerifiedThrough);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(Orders))]
[JsonSerializable(typeof(Report))]
internal sealed partial class ClientJson : JsonSerializerContext;
