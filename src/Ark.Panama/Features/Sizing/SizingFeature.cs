namespace Ark.Panama.Features.Sizing;

public static class SizingFeature
{
    public static void MapSizing(this RouteGroupBuilder api)
    {
        var sizing = api.MapGroup("/sizing").WithTags("Sizing");
        sizing.MapPost("", PlanSizing.Handle);
        sizing.MapPost("/compare", CompareSizing.Handle);
        sizing.MapPost("/xlsx", ExportSizing.Handle).Produces(200, contentType: Workbook.ContentType);
        sizing.MapPost("/task", SizedTask.HandleAsync);
    }
}
