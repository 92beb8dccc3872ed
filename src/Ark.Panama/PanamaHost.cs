using System.Resources;
using Ark.Panama.Features.Baselines;
using Ark.Panama.Features.Configurations;
using Ark.Panama.Features.Customers;
using Ark.Panama.Features.Requirements;
using Ark.Panama.Features.Sizing;
using Ark.Panama.Features.Designs;
using Ark.Panama.Features.Packages;
using Ark.Panama.Features.Scheduling;
using Ark.Panama.Features.Tasks;
using Ark.Web;
using Ark.Web.Accounts;
using Ark.Web.Layout;

namespace Ark.Panama;

/// <summary>Panama: where deliveries are planned and prepared.</summary>
public static class PanamaHost
{
    private static readonly Product Panama = new()
    {
        Name = "Panama",
        Host = typeof(PanamaHost).Assembly,
        Words = new ResourceManager("Ark.Panama.Words", typeof(PanamaHost).Assembly),
        Navigation =
        [
            new("/", "Tasks", Role.Viewer, Under: "/tasks"),
            new("/customers", "Customers", Role.Viewer),
            new("/sizing", "Sizing", Role.Viewer),
            new("/requirements", "Requirements", Role.Viewer),
            new("/channels", "Channels", Role.Viewer),
            new("/versions", "Versions", Role.Viewer),
            new("/configurations", "Configurations", Role.Viewer),
            new("/scheduling", "Scheduling", Role.Viewer),
            new("/accounts", "Accounts", Role.Administrator),
            new("/audit", "Audit", Role.Administrator),
        ],
        CustomersAsync = ListCustomers.NamesAsync,
    };

    /// <param name="time">The clock; the system's if left out.</param>
    public static WebApplication Build(string[] args, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args, ApplicationName = Panama.Host.GetName().Name, ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.AddArkWeb(Panama);
        builder.Services.AddBaselines();

        var app = builder.Build();
        app.UseArkWeb();
        var api = app.MapArkWeb();
        api.MapBaselines();
        api.MapConfigurations();
        api.MapScheduling();
        api.MapCustomers();
        api.MapTasks();
        api.MapSizing();
        api.MapRequirements();
        api.MapDesigns();
        api.MapPackages();
        return app;
    }
}
