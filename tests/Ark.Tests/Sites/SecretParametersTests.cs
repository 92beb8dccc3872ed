using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Secrets;
using Ark.Core.Tasks;
using Xunit;

namespace Ark.Tests.Sites;

/// <summary>Where the secrets of a task come from.</summary>
public sealed class SecretParametersTests
{
    private static readonly KeyRing Keys = new(new Secret("correct horse battery"));

    private static readonly Baseline Catalogue = Read();

    private static Dictionary<string, IReadOnlyDictionary<string, Secret>> Recorded => new() { ["store"] = new Dictionary<string, Secret> { ["password"] = new("on-record") } };

    [Fact]
    public void One_on_record_stays_and_one_that_is_nowhere_is_made()
    {
        Assert.Equal("on-record", Complete("{}", Recorded).Value!["store"]["password"].Reveal());
        var made = Complete("{}", null).Value!["store"]["password"].Reveal();
        Assert.True(made.Length >= 16);
        Assert.NotEqual(made, Complete("{}", null).Value!["store"]["password"].Reveal());
    }

    [Fact]
    public void One_that_the_task_brings_encrypted_comes_first()
    {
        var encrypted = Vault.Encrypt(Keys.For(new byte[SiteKey.SaltBytes]), ParameterValues.SecretName("store", "password"), new Secret("brought"), new byte[Vault.NonceBytes]);
        Assert.Equal("brought", Complete($"{{password: \"{encrypted}\"}}", Recorded).Value!["store"]["password"].Reveal());
    }

    [Fact]
    public void One_that_was_encrypted_for_another_parameter_does_not_open()
    {
        var encrypted = Vault.Encrypt(Keys.For(new byte[SiteKey.SaltBytes]), "other.password", new Secret("brought"), new byte[Vault.NonceBytes]);
        var problem = Assert.Single(Complete($"{{password: \"{encrypted}\"}}", Recorded).Problems);
        Assert.Equal(("wrong-passphrase", "task 527: components.store.parameters.password"), (problem.Code, problem.Place));
    }

    private static Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>>> Complete(string parameters, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>>? recorded)
    {
        var task = TaskReader.Read($"{{schema: 1, id: \"527\", baseline: open-3.1, components: {{store: {{parameters: {parameters}}}}}}}", "task.yaml");
        Assert.True(task.Ok, string.Join('\n', task.Problems));
        return SecretParameters.Complete(task.Value.Task, Catalogue, recorded, Keys);
    }

    private static Baseline Read()
    {
        var read = BaselineReader.Read(SampleCatalogue.Files, "open-3.1");
        Assert.True(read.Ok, string.Join('\n', read.Problems));
        return read.Value;
    }
}
