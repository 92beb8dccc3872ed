using Xunit;

namespace Ark.Core.Tests.Catalog;

public sealed class ForeignKeyTests
{
    [Theory]
    [InlineData("restart: always", "cache:18:3: Compose's 'restart' is not a key of 'container'. [foreign-compose-key] → leave it out: Swarm starts a dead or unhealthy instance anew")]
    [InlineData("ports: ['80:80']", "cache:18:3: Compose's 'ports' is not a key of 'container'. [foreign-compose-key] → write the component's 'ports': {name, port, protocol}; nothing is mapped, an instance listens on its own address")]
    [InlineData("depends_on: [names]", "cache:18:3: Compose's 'depends_on' is not a key of 'container'. [foreign-compose-key] → write the component's 'dependsOn'")]
    [InlineData("networks: [x]", "cache:18:3: Compose's 'networks' is not a key of 'container'. [foreign-compose-key] → leave it out: Ark decides: the machine's network in VM mode, an address of its own in physical mode")]
    [InlineData("privileged: true", "cache:18:3: Compose's 'privileged' is not a key of 'container'. [foreign-compose-key] → leave it out: Swarm services cannot be privileged; name the few rights that are needed in 'cap_add'")]
    [InlineData("build: .", "cache:18:3: Compose's 'build' is not a key of 'container'. [foreign-compose-key] → make images/<name>/Dockerfile, run 'ark images build', and name the image in 'image'")]
    [InlineData("secrets: [x]", "cache:18:3: Compose's 'secrets' is not a key of 'container'. [foreign-compose-key] → make a parameter of type 'secret' and set it into a file with 'secret: true' under the component's 'files'")]
    [InlineData("comand: [x]", "cache:18:3: 'container' knows no key 'comand'. [unknown-key] → did you mean 'command'? (known here: ")]
    [InlineData("working_dir: ../x", "cache:18:16: 'container.working_dir' must be an absolute path without '..', spaces or signs, not '../x'. [bad-value]")]
    [InlineData("entrypoint: sh -c x", "cache:18:15: 'container.entrypoint' must be a list of words. [wrong-type] → write [sh, -c, x]")]
    [InlineData("cap_add: [ALL]", "cache:18:13: All capabilities at once are as good as a privileged container. [bad-value] → name the few that are needed")]
    [InlineData("sysctls: {net.core.somaxconn: 1024}", "cache:18:33: Docker refuses 'net.core.somaxconn' in VM mode, where a container has the machine's network. [net-sysctl] → leave it out, or ask for it among the kernel settings of 'ark base'")]
    [InlineData("hostname: \"${HOST}\"", "cache:18:13: 'container.hostname' has a ${…}, which Ark does not set in. [compose-interpolation] → make it a parameter of the component and write {{ parameters.name }}")]
    [InlineData("hostname: \"{{ instance.name }};reboot\"", "cache:18:14: It renders to 'cache-1;reboot', which is no host name. [bad-value]")]
    [InlineData("user: \"root; id\"", "cache:18:9: 'container.user' must be a user, or user:group, not 'root; id'. [bad-value]")]
    [InlineData("tmpfs: [/a, /var/lib/redis]", "cache:18:15: Two mounts go to /var/lib/redis. [duplicate-target] → give each a path of its own")]
    public void A_key_that_Compose_has_and_Ark_has_not_says_what_to_write_instead(string line, string said) =>
        Assert.StartsWith(said, Samples.Said(Samples.WithCache("  image: redis\n", $"  {line}\n  image: redis\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("data:/var/lib/redis", "/srv/redis:/var/lib/redis", "cache:23:13: 'container.volumes[0]' takes a path of the machine: '/srv/redis:/var/lib/redis'. [volume-form] → write a named volume, data:/path; configuration belongs under the component's 'files'")]
    [InlineData("data:/var/lib/redis", "/var/lib/redis", "cache:23:13: 'container.volumes[0]' has no name: '/var/lib/redis'. [volume-form] → write a named volume, data:/path; configuration belongs under the component's 'files'")]
    [InlineData("data:/var/lib/redis", "data:var", "cache:23:13: The volume's path in 'container.volumes[0]' must be an absolute path without '..', spaces or signs, not 'var'. [bad-target]")]
    [InlineData("data:/var/lib/redis", "data:/a:z", "cache:23:13: 'container.volumes[0]' must be name:/path or name:/path:ro, not 'data:/a:z'. [volume-form]")]
    [InlineData("data:/var/lib/redis", "{type: bind, source: data, target: /x}", "cache:23:20: 'container.volumes[0].type' must be volume, not 'bind'. [volume-form] → write a named volume: Ark gives containers nothing of the machine")]
    [InlineData("pids: 200}}", "pids: 200}, reservations: {cpus: 1}}, replicas: 3, placement: {}", """
        cache:24:70: Compose's 'reservations' is not a key of 'container.deploy.resources'. [foreign-compose-key] → write the component's 'resources': {cpus, memory, disk}
        cache:24:96: Compose's 'replicas' is not a key of 'container.deploy'. [foreign-compose-key] → write the component's 'count'
        cache:24:109: Compose's 'placement' is not a key of 'container.deploy'. [foreign-compose-key] → write the component's 'placement'
        """)]
    [InlineData("start_period: 30s", "start_period: 30s, start_interval: 1s", "cache:22:100: Compose's 'start_interval' is not a key of 'healthcheck'. [foreign-compose-key] → leave it out: engines of today's systems do not know it")]
    [InlineData("    REDIS_PORT: \"{{ ports.redis }}\"", "    REDIS_PORT:\n    \"A B\": x\n    C: \"a${X}\"", """
        cache:21:16: 'container.environment.REDIS_PORT' must be a single value; it is empty. [wrong-type] → write the value, or leave the key out
        cache:22:5: 'A B' in 'container.environment' is not a variable's name. [bad-value]
        cache:23:8: 'container.environment.C' has a ${…}, which Ark does not set in. [compose-interpolation] → make it a parameter of the component and write {{ parameters.name }}
        """)]
    [InlineData("image: redis", "image: \"redis; rm\"", "cache:18:10: 'container.image' must be an image's name, or name:tag, not 'redis; rm'. [bad-value]")]
    public void A_form_that_Compose_allows_and_Ark_does_not_is_explained(string sound, string foreign, string said) =>
        Assert.Equal(said, Samples.Said(Samples.WithCache(sound, foreign)));

    [Fact]
    public void Keys_of_a_service_at_the_top_are_sent_into_the_container()
    {
        var said = Samples.Said(Samples.WithCache("stage: middleware\n", "stage: middleware\nimage: redis\nrestart: always\nscale: 3\n"));
        Assert.Equal("""
            cache:5:1: 'image' does not stand here. [foreign-compose-key] → write it within 'container'
            cache:6:1: Compose's 'restart' is not a key of a component. [foreign-compose-key] → leave it out: Swarm starts a dead or unhealthy instance anew
            cache:7:1: Compose's 'scale' is not a key of a component. [foreign-compose-key] → write the component's 'count'
            """, said);
    }

    [Fact]
    public void A_shell_may_have_its_own_variables() =>
        Assert.Equal("", Samples.Said(Samples.WithCache("command: [ark-redis, \"{{ instance.name }}\"]", "command: [sh, -c, 'exec ark-redis ${HOME}']")));
}
