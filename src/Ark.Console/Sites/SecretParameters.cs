using System.Security.Cryptography;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Secrets;
using Ark.Core.Tasks;

namespace Ark.Console.Sites;

/// <summary>Values of secret parameters: those that the task brings, encrypted; those on record; and new random ones for what has none.</summary>
public static class SecretParameters
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    /// <param name="keys">Opens what the task brings.</param>
    /// <returns>Component to parameter to value; or every value that does not open.</returns>
    public static Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>>> Complete(
        DeploymentTask task, Baseline baseline, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>>? recorded, KeyRing keys)
    {
        Dictionary<string, IReadOnlyDictionary<string, Secret>> all = [];
        List<Problem> problems = [];
        foreach (var (chosen, component) in task.Components.Select(c => (c, baseline.Find(c.Name)!)))
            all[component.Name] = component.Parameters.Where(p => p.IsSecret).ToDictionary(
                p => p.Name,
                p => Brought(chosen, p.Name) ?? recorded?.GetValueOrDefault(component.Name)?.GetValueOrDefault(p.Name) ?? new Secret(RandomNumberGenerator.GetString(Letters, p.Length)));
        return Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>>>.From(problems, () => all);

        Secret? Brought(TaskComponent chosen, string parameter)
        {
            if (!chosen.Parameters.TryGetValue(parameter, out var written)) return null;
            var opened = Vault.Decrypt(keys, ParameterValues.SecretName(chosen.Name, parameter), written, $"task {task.Id}: components.{chosen.Name}.parameters.{parameter}");
            problems.AddRange(opened.Problems);
            return opened.Value;
        }
    }
}
