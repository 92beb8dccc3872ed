using System.Globalization;

namespace Ark.Core.Planning;

/// <summary>The last proof of a component as the cluster remembers it: in the labels of the config <c>ark.proof.&lt;component&gt;</c>.</summary>
/// <param name="Fingerprint">Of what was proven: <see cref="DesiredComponent.Fingerprint"/>.</param>
public sealed record ProofFacts(string Component, bool Passed, DateTimeOffset At, string Evidence, string Fingerprint)
{
    public static string ConfigName(string component) => "ark.proof." + component;

    public static ProofFacts? Of(ClusterFacts facts, string component) =>
        facts.Configs.FirstOrDefault(c => c.Name == ConfigName(component)) is { } config ? FromLabels(component, config.Labels) : null;

    public SortedDictionary<string, string> ToLabels() => new(StringComparer.Ordinal)
    {
        [ArkLabels.Kind] = "proof",
        [ArkLabels.Component] = Component,
        ["ark.proof.result"] = Passed ? "passed" : "failed",
        ["ark.proof.at"] = At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["ark.proof.evidence"] = Evidence.Length <= 300 ? Evidence : Evidence[..300],
        ["ark.proof.fingerprint"] = Fingerprint,
    };

    private static ProofFacts FromLabels(string component, IReadOnlyDictionary<string, string> labels) => new(
        component,
        labels.GetValueOrDefault("ark.proof.result") == "passed",
        DateTimeOffset.TryParse(labels.GetValueOrDefault("ark.proof.at"), CultureInfo.InvariantCulture, out var at) ? at : default,
        labels.GetValueOrDefault("ark.proof.evidence", ""),
        labels.GetValueOrDefault("ark.proof.fingerprint", ""));
}
