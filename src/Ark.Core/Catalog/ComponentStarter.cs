namespace Ark.Core.Catalog;

/// <summary>The files with which somebody begins a component.</summary>
public static class ComponentStarter
{
    /// <summary>Path within the component's folder to text: a commented <c>component.yaml</c> that is sound as it stands, and a template.</summary>
    /// <returns>A problem where the name is none for a component.</returns>
    public static Outcome<IReadOnlyDictionary<string, string>> Files(string name) =>
        NameProblem(name) is { } problem
            ? Outcome<IReadOnlyDictionary<string, string>>.Fail(problem)
            : Outcome<IReadOnlyDictionary<string, string>>.Of(new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["component.yaml"] = Text.Replace("NAME", name, StringComparison.Ordinal),
                [name + ".conf.liquid"] = Template,
            });

    /// <summary>Why a word cannot be a component's name; null if it can.</summary>
    public static Problem? NameProblem(string name) =>
        !Words.Name().IsMatch(name) ? new("bad-value", "NAME", $"A component's name must be {Words.NameForm}, not {Yaml.YamlFile.Show(name)}.")
        : Words.InstanceEnding().IsMatch(name) ? new("bad-value", "NAME", $"'{name}' ends like an instance's name.", "end it with a letter")
        : null;

    /// <summary>The first line of every component that Ark writes: editors check and complete by it.</summary>
    internal const string Header = """
        # yaml-language-server: $schema=../../../schema/component.json
        # The keys and the templates' variables: docs/guide/write-a-component.md. Check with: ark catalog lint

        """;

    private const string Text = Header + """
        schema: 1
        name: NAME
        title: What NAME is, in a few words
        stage: middleware            # the step of the deploy menu that brings it: metadb, names or middleware
        count: {min: 1, default: 1, max: 9}      # odd: true where instances vote; poc: 1 for another default in proofs of concept
        resources: {cpus: 0.1, memory: 64M, disk: 1G}      # set aside for one instance; K M G T, 1024-based
        ports:
          # What an instance listens on, at its own address ({{ instance.address }}) and at 127.0.0.1. In VM mode these are ports of the
          # machine: no other component may have them.
          - {name: main, port: 18000}
        # placement:
        #   labels: {nodetype: NAME}   # only on machines that bear them all
        #   apart: [metadb]            # never on a machine with these
        #   exclusive: true            # nothing else on its machines
        parameters:
          # What a task may change. Types: string integer number boolean choice size duration secret.
          - {name: maxConnections, type: integer, default: 100, min: 1, max: 10000, help: Connections to one instance}
          # A secret is generated unless the task brings one; only files with 'secret: true' may use it.
          - {name: password, type: secret, length: 24, help: Password of the clients}
        # dependsOn: [metadb]          # these are healthy and proven first
        container:
          image: NAME                  # images/NAME/Dockerfile; build it with: ark images build NAME
          environment:
            SELF: "{{ instance.name }}"
            LISTEN: "{{ instance.address }}:{{ ports.main }}"
          healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}
          volumes: [data:/var/lib/NAME]
          stop_grace_period: 10s
          deploy: {resources: {limits: {cpus: "1", memory: 128M, pids: 200}}}
        files:
          # uid and gid are those of the image's user, who must be able to read the file.
          - {source: NAME.conf.liquid, target: /etc/NAME/NAME.conf, mode: "0440", uid: 1000, gid: 1000, secret: true}
        # init:
        #   - {name: create the schema, run: [ark-init], deadline: 60s}      # once all are healthy, in the first; must bear being run again
        # leave: [ark-leave]           # in an instance before it goes for good, so that its peers forget it
        proof:
          # What shows that it works, not only that it runs. {{ token }} is a new random word each time.
          - name: what is written on one is read on every other
            within: 30s
            steps:
              - {on: first, run: [ark-proof, write, "{{ token }}"]}
              - {on: each, run: [ark-proof, read, "{{ token }}"], expect: "^{{ token }}$"}
        # endpoint: {port: main, frontPort: 28000}      # what HAProxy fronts in line 3.0
        # dnsNames: [db]               # beside NAME and NAME-1, NAME-2… under the task's domain
        update: {deadline: 120s, writeGap: 15s}      # for one instance; writeGap: how long writes may fail while one is replaced
        # metrics: {port: main, path: /metrics}

        """;

    private const string Template = """
        # Rendered for each instance. Undefined variables are errors, with line and column.
        node {{ instance.name }}
        listen {{ instance.address }}:{{ ports.main }}
        max-connections {{ parameters.maxConnections }}
        password {{ parameters.password | json }}
        {% for p in peers -%}
        peer {{ p.name }} {{ p.address }}:{{ ports.main }}
        {% endfor %}
        """;
}
