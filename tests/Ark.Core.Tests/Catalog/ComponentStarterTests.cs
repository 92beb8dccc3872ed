using Ark.Core.Catalog;
using Xunit;

namespace Ark.Core.Tests.Catalog;

public sealed class ComponentStarterTests
{
    private static Dictionary<string, string> With(string name, IEnumerable<KeyValuePair<string, string>> added)
    {
        var files = Samples.Sound();
        files["open-3.1/baseline.yaml"] = Samples.Baseline.Replace("names]", $"names, {name}]", StringComparison.Ordinal);
        foreach (var (file, text) in added)
            files[$"open-3.1/components/{name}/{file}"] = text;
        return files;
    }

    [Fact]
    public void The_starter_is_sound_as_it_stands() =>
        Assert.Equal("", Samples.Said(With("my-store", ComponentStarter.Files("my-store").Value!)));

    [Theory]
    [InlineData("Store")]
    [InlineData("store-1")]
    [InlineData("../store")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_word_that_cannot_be_a_name_is_refused(string name) => Assert.Single(ComponentStarter.Files(name).Problems);

    internal const string Compose = """
        services:
          web:
            image: registry.example.com:5000/team/web:1.2
            restart: always
            ports: ["8080:80", "9443:443/udp", "9000-9010:9000-9010"]
            command: nginx -g 'daemon off;'
            environment:
              - MODE=${MODE:-prod}
              - DB_PASSWORD=hunter2
              - TZ=$TZ
            depends_on: {db: {condition: service_healthy}, other: {}}
            deploy: {replicas: 3, restart_policy: {}, resources: {limits: {cpus: '0.5', memory: 64m}, reservations: {memory: 32m}}}
            volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "web_data:/usr/share/nginx/html"]
            networks: [front]
            "evil\nkey": x
          db:
            image: mariadb
            healthcheck: {test: "mysqladmin ping -p$$PW || exit 1", interval: 10s, retries: 3}
            volumes: [/var/lib/mysql]
            ulimits: {nofile: 1000}
        """;

    [Fact]
    public void Services_become_components_with_notes_of_what_could_not_be_taken_over()
    {
        var converted = ComposeConversion.Convert("compose.yaml", Compose, "shop").Value!;
        Assert.Equal(["shop-web", "shop-db"], converted.Select(c => c.Name));
        Assert.Equal("""
            schema: 1
            name: shop-web
            title: What shop-web is, in a few words
            stage: middleware
            count: {min: 1, default: 3, max: 9}
            resources: {cpus: 0.1, memory: 32M, disk: 1G}      # look at these: Compose files seldom say them
            ports:
              - {name: main, port: 80}
              - {name: port-443-udp, port: 443, protocol: udp}
            parameters:
              - {name: dbPassword, type: secret, help: Say here what it is}
              - {name: mode, type: string, default: prod, help: Say here what it is}
              - {name: tz, type: string, help: Say here what it is}
            dependsOn: [shop-db]
            container:
              image: web      # images/web/Dockerfile; Compose took 'registry.example.com:5000/team/web:1.2'
              command: [nginx, "-g", "daemon off;"]
              environment:
                MODE: "{{ parameters.mode }}"
                TZ: "{{ parameters.tz }}"
              healthcheck: {test: [CMD, ark-health], interval: 2s, timeout: 5s, retries: 5, start_period: 30s}      # put ark-health into the image
              volumes: ["web-data:/usr/share/nginx/html"]
              deploy: {resources: {limits: {cpus: "0.5", memory: 64M}}}
            proof:
              # Write what shows that it works: what is run, and what must come back.
              - {name: it answers, within: 30s, steps: [{on: each, run: [ark-proof]}]}
            update: {deadline: 5m, writeGap: 15s}

            # Not taken over from the Compose file:
            # - deploy.restart_policy: leave it out: Swarm starts a dead or unhealthy instance anew.
            # - ports: '9000-9010:9000-9010' is no single TCP or UDP port.
            # - depends_on: 'other' is not converted with it: name the component of the catalogue that stands for it in 'dependsOn'.
            # - environment: DB_PASSWORD is a secret: its parameter is 'dbPassword'. Set it into a file with 'secret: true' under 'files', and let the program read it from there.
            # - environment: TZ came from the environment: the parameter 'tz' has no default, so a task must say it
            # - volumes: './nginx.conf:/etc/nginx/nginx.conf:ro': a file belongs under 'files', as a template beside component.yaml; nothing else of the machine is given to containers.
            # - restart: leave it out: Swarm starts a dead or unhealthy instance anew.
            # - networks: leave it out: Ark decides: the machine's network in VM mode, an address of its own in physical mode.
            # - evil key: no key of Ark's has this meaning.

            """, string.Join('\n', converted[0].Text.Split('\n').Skip(2)));
    }

    [Fact]
    public void What_was_converted_has_no_error_left()
    {
        var converted = ComposeConversion.Convert("compose.yaml", Compose, "shop").Value!;
        var files = With("shop-web", [KeyValuePair.Create("component.yaml", converted[0].Text)]);
        files["open-3.1/components/shop-db/component.yaml"] = converted[1].Text;
        Assert.DoesNotContain(BaselineReader.Read(files, "open-3.1").Problems, p => p.Severity == Severity.Error);
    }

    [Fact]
    public void No_secret_of_the_Compose_file_is_copied() =>
        Assert.DoesNotContain("hunter2", string.Concat(ComposeConversion.Convert("compose.yaml", Compose, "shop").Value!.Select(c => c.Text + string.Concat(c.Notes))), StringComparison.Ordinal);

    [Fact]
    public void One_service_is_taken_by_its_name() =>
        Assert.Equal(["db"], ComposeConversion.Convert("compose.yaml", Compose, "db").Value!.Select(c => c.Name));

    [Fact]
    public void The_only_service_takes_the_name_that_is_given() =>
        Assert.Equal(["store"], ComposeConversion.Convert("compose.yaml", "services: {x: {image: y}}", "store").Value!.Select(c => c.Name));

    [Fact]
    public void A_Compose_file_with_anchors_is_sent_through_compose_config() =>
        Assert.Contains("docker compose config", string.Join('\n', ComposeConversion.Convert("compose.yaml", "services: {x: &x {image: y}, z: *x}", "store").Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("a: 1")]
    [InlineData("services: {}")]
    [InlineData("services: [")]
    [InlineData("services: {x: 1}")]
    public void What_is_no_Compose_file_is_refused(string text) => Assert.False(ComposeConversion.Convert("compose.yaml", text, "store").Ok);
}
