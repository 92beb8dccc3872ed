using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>Reads a component's <c>external</c>.</summary>
internal static class ExternalReader
{
    public static ExternalService Read(YamlMap map)
    {
        var external = new ExternalService([.. map.Get("init")?.Maps().Select(Init) ?? []], [.. map.Need("proof")?.Maps().Select(ProofOf) ?? []]);
        map.Close();
        ComponentReader.NotEmpty(map, "proof", "write what shows that the service does: [{name: …, steps: [{on: machines, run: [ark-proof]}]}]");
        return external;
    }

    private static InitJob Init(YamlMap map)
    {
        var job = new InitJob(map.Need("name")?.String() ?? "", ComponentReader.Run(map), map.Get("deadline")?.Duration() ?? TimeSpan.FromSeconds(60), map.Get("input")?.String());
        map.Close();
        return job;
    }

    private static Proof ProofOf(YamlMap map)
    {
        var proof = new Proof(map.Need("name")?.String() ?? "", map.Get("within")?.Duration() ?? TimeSpan.FromSeconds(30), [.. map.Need("steps")?.Maps().Select(Step) ?? []]);
        map.Close();
        ComponentReader.NotEmpty(map, "steps", "write what is run: [{on: machines, run: [ark-proof]}]");
        return proof;
    }

    private static ProofStep Step(YamlMap map)
    {
        var on = map.Need("on")?.OneOf("first", "machines") == "machines" ? ProofTarget.Machines : ProofTarget.First;
        var step = new ProofStep(on, ComponentReader.Run(map), map.Get("expect")?.Text(), map.Get("input")?.String());
        map.Close();
        return step;
    }
}
