namespace Ark.Panama.Features.Scheduling;

public static class SchedulingFeature
{
    public static void MapScheduling(this RouteGroupBuilder api)
    {
        var scheduling = api.MapGroup("/scheduling").WithTags("Scheduling");
        scheduling.MapGet("", ShowScheduling.HandleAsync);
        scheduling.MapGet("/templates", LabelTemplates.HandleAsync);
        scheduling.MapPost("/templates", LabelTemplates.CreateAsync);
        scheduling.MapPut("/templates/{id:long}", LabelTemplates.UpdateAsync);
        scheduling.MapDelete("/templates/{id:long}", LabelTemplates.DeleteAsync);
    }
}
