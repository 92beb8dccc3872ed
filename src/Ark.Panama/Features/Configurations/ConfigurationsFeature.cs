namespace Ark.Panama.Features.Configurations;

public static class ConfigurationsFeature
{
    public static void MapConfigurations(this RouteGroupBuilder api)
    {
        var configurations = api.MapGroup("/configurations").WithTags("Configurations");
        configurations.MapGet("", ShowConfiguration.HandleAsync);
        configurations.MapGet("/{id:long}", ShowConfiguration.OneAsync);
        configurations.MapGet("/{id:long}/revisions", ShowConfiguration.RevisionsAsync);
        configurations.MapGet("/{id:long}/compare", ShowConfiguration.CompareAsync);
        configurations.MapGet("/{id:long}/values", ShowConfiguration.ValuesAsync);
        configurations.MapPost("", SaveConfiguration.CreateAsync);
        configurations.MapPut("/{id:long}", SaveConfiguration.UpdateAsync);
        configurations.MapPost("/{id:long}/rollback", SaveConfiguration.RollBackAsync);
        configurations.MapDelete("/{id:long}", SaveConfiguration.DeleteAsync);
    }
}
