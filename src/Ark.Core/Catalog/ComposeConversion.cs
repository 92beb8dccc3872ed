using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>A component made of a service of a Compose file.</summary>
/// <param name="Text">Of its <c>component.yaml</c>; what could not be taken over stands in comments.</param>
/// <param name="Notes">The same, a line each.</param>
public sealed record ConvertedComponent(string Name, string Text, IReadOnlyList<string> Notes);

/// <summary>Makes components of a Compose file's services, as far as Ark has what they ask for.</summary>
public static class ComposeConversion
{
    /// <summary>
    /// The service called <paramref name="name"/> if there is one; the only service, under that name, if there is one only; else all of them, as
    /// <c>name-service</c>. Problems: what is no Compose file, a service whose name cannot be a component's.
    /// </summary>
    public static Outcome<IReadOnlyList<ConvertedComponent>> Convert(string path, string text, string name)
    {
        var file = YamlFile.Parse(path, text);
        if (ComponentStarter.NameProblem(name) is { } bad)
            return Outcome<IReadOnlyList<ConvertedComponent>>.Fail(bad);
        var services = file.Root?.Need("services")?.Map()?.Entries.ToList() ?? [];
        if (file.Root is not null && file.Problems.Count == 0 && services.Count == 0)
            file.Add("no-service", file.PlaceOf("services"), "There is no service.", "name a Compose file with 'services:'");
        var chosen = services.Where(s => s.Key == name).Take(1).ToList();
        if (chosen.Count == 0)
            chosen = services;
        var names = chosen.ToDictionary(s => s.Key, s => chosen.Count == 1 ? name : $"{name}-{s.Key.Replace('_', '-').Replace('.', '-').ToLowerInvariant()}");
        List<ConvertedComponent> converted = [];
        foreach (var (key, place, value) in chosen)
        {
            if (ComponentStarter.NameProblem(names[key]) is { } problem)
                file.Add(problem.Code, place, problem.Message, "give the service another name");
            else if (value.Map() is { } map)
                converted.Add(new ComposeService(map, names[key], names).Convert());
        }

        var problems = file.Problems.Select(p => p.Code is "yaml-anchor" or "yaml-alias" ? p with { Remedy = "run 'docker compose config' and convert what it prints: it has the values written out" } : p);
        return Outcome<IReadOnlyList<ConvertedComponent>>.From([.. problems], () => converted);
    }
}
