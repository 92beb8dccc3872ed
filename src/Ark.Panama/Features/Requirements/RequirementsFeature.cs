namespace Ark.Panama.Features.Requirements;

public static class RequirementsFeature
{
    public static void MapRequirements(this RouteGroupBuilder api)
    {
        var requirements = api.MapGroup("").WithTags("Requirements");
        requirements.MapGet("/requirements", ListRequirements.Handle);
        requirements.MapGet("/requirements.xlsx", ListRequirements.Export).Produces(200, contentType: Workbook.ContentType);
    }
}
