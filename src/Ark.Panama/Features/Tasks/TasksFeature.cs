namespace Ark.Panama.Features.Tasks;

public static class TasksFeature
{
    public static void MapTasks(this RouteGroupBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Tasks");
        tasks.MapGet("", ListTasks.HandleAsync);
        tasks.MapGet("/{id:long}", ShowTask.HandleAsync);
        tasks.MapGet("/environment", ShowTask.EnvironmentAsync);
        tasks.MapPost("/check", ShowTask.Check);
        tasks.MapPost("/labels", FindLabels.HandleAsync);
        tasks.MapPost("", SaveTask.CreateAsync);
        tasks.MapPut("/{id:long}", SaveTask.UpdateAsync);
        tasks.MapPut("/{id:long}/state", MoveTask.HandleAsync);
        tasks.MapPost("/{id:long}/copy", MoveTask.CopyAsync);
    }
}
