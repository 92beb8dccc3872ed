namespace Ark.Panama.Features.Baselines;

public static class BaselinesFeature
{
    public static void AddBaselines(this IServiceCollection services)
    {
        services.AddSingleton<GitMirrors>();
        services.AddSingleton<BaselineStore>();
    }

    public static void MapBaselines(this RouteGroupBuilder api)
    {
        var repositories = api.MapGroup("/repositories").WithTags("Baselines");
        repositories.MapGet("", ListRepositories.HandleAsync);
        repositories.MapPost("", SaveRepository.CreateAsync);
        repositories.MapDelete("/{id:long}", SaveRepository.DeleteAsync);
        repositories.MapPost("/{id:long}/refresh", RefreshRepository.HandleAsync);
        var baselines = api.MapGroup("/baselines").WithTags("Baselines");
        baselines.MapGet("/versions", ListVersions.HandleAsync);
        baselines.MapGet("/compare", CompareBaselines.HandleAsync);
        baselines.MapGet("/customers", ListVersions.CustomersAsync);
    }
}
