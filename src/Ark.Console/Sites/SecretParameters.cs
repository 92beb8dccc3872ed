using System.Security.Cryptography;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Tasks;

namespace Ark.Console.Sites;

/// <summary>Values of secret parameters: those on record, and new random ones for what has none.</summary>
internal static class SecretParameters
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>> Complete(
        DeploymentTask task, Baseline baseline, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>>? recorded)
    {
        Dictionary<string, IReadOnlyDictionary<string, Secret>> all = [];
        foreach (var component in task.Components.Select(c => baseline.Find(c.Name)!))
            all[component.Name] = component.Parameters.Where(p => p.IsSecret).ToDictionary(
                p => p.Name,
                p => recorded?.GetValueOrDefault(component.Name)?.GetValueOrDefault(p.Name) ?? new Secret(RandomNumberGenerator.GetString(Letters, p.Length)));
        return all;
    }
}
