namespace Ark.Tests.Sites;

/// <summary>A baseline of one component with a secret parameter.</summary>
internal static class SampleCatalogue
{
    public static Dictionary<string, string> Files { get; } = new()
    {
        ["open-3.1/baseline.yaml"] = "schema: 1\nname: open-3.1\nline: \"3.1\"\ntitle: T\nproducts: [{name: p, title: P, components: [store]}]\n",
        ["open-3.1/components/store/component.yaml"] = """
            schema: 1
            name: store
            title: Store
            stage: middleware
            count: {min: 1, default: 1, max: 9}
            resources: {cpus: 0.1, memory: 128M, disk: 1G}
            placement: {spread: false}
            parameters:
              - {name: level, type: string, default: info, help: How much it says}
              - {name: password, type: secret, help: Password of the clients}
            container:
              image: store
              healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}
            files:
              - {source: password.liquid, target: /etc/store/password, mode: "0400", uid: 999, gid: 999, secret: true}
            proof:
              - {name: it answers, steps: [{on: each, run: [ark-proof, "{{ parameters.level }}"]}]}
            update: {deadline: 120s}

            """,
        ["open-3.1/components/store/password.liquid"] = "{{ parameters.password }}\n",
    };
}
