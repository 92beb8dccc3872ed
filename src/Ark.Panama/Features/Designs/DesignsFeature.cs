namespace Ark.Panama.Features.Designs;

public static class DesignsFeature
{
    public static void MapDesigns(this RouteGroupBuilder api)
    {
        api.MapGet("/baselines", ListComponents.BaselinesAsync).WithTags("Baselines");
        var tasks = api.MapGroup("/tasks").WithTags("Designs");
        tasks.MapGet("/{id:long}/components", ListComponents.HandleAsync);
        tasks.MapPut("/{id:long}/design", SaveDesign.HandleAsync);
        tasks.MapPost("/{id:long}/design/check", SaveDesign.CheckAsync);
        tasks.MapGet("/{id:long}/preview", PreviewTask.HandleAsync);
        tasks.MapPost("/{id:long}/addresses", AllocateAddresses.HandleAsync);
    }
}
