namespace Ark.Panama.Features.Packages;

public static class PackagesFeature
{
    public static void MapPackages(this RouteGroupBuilder api)
    {
        var tasks = api.MapGroup("/tasks/{id:long}").WithTags("Packages");
        tasks.MapPost("/package", PackageTask.HandleAsync);
        tasks.MapGet("/packages", ListPackages.HandleAsync);
        tasks.MapGet("/packages/{number:int}/{file}", ListPackages.DownloadAsync).Produces(200, contentType: ListPackages.Gzip, additionalContentTypes: ListPackages.Text);
        tasks.MapGet("/difference", CompareTask.HandleAsync);
    }
}
