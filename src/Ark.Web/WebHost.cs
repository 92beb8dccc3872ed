using System.Text.Json.Serialization.Metadata;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Channels;
using Ark.Web.Data;
using Ark.Web.Languages;
using Ark.Web.Layout;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using MudBlazor.Services;
using Prometheus;
using Serilog;
using Serilog.Events;

namespace Ark.Web;

/// <summary>What Ark's web hosts have in common: database, sign-in, audit, languages, health, metrics, the API's description.</summary>
public static class WebHost
{
    public const string Api = "/api/v1";

    /// <summary>Requests larger than this are refused; uploads say their own limit.</summary>
    private const long MaxBody = 1 << 20;

    /// <summary>SQLite in a file named after the product, where no connection string <c>Ark</c> is configured.</summary>
    public static void AddArkWeb(this WebApplicationBuilder builder, Product product)
    {
        var name = product.Name.ToLowerInvariant();
        builder.Host.UseSerilog((_, log) => log
            .MinimumLevel.Information().MinimumLevel.Override("Microsoft", LogEventLevel.Warning).MinimumLevel.Override("FluentMigrator", LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning) // addresses of channels may hold tokens
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override(typeof(BearerTokens).FullName!, LogEventLevel.Warning) // it tells of each request that it refuses
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error) // it warns that keys stand in the database in clear: decision 008
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.AddServerHeader = false;
        });
        var services = builder.Services;
        services.AddSingleton(new Database(builder.Configuration.GetConnectionString("Ark") ?? $"Data Source={Path.Combine(Folder(), name, $"{name}.db")}"));
        services.AddScoped(provider => provider.GetRequiredService<Database>().Open());
        services.AddSignIn(builder.Configuration);
        services.AddLanguages();
        services.AddChannels(builder.Configuration);
        services.AddSingleton<SetUpCode>();
        services.AddSingleton(product);
        services.AddSingleton(new Words(product.Words, Words.Web));
        services.AddScoped<Session>();
        services.AddOpenApi(api =>
        {
            api.AddDocumentTransformer((document, _, _) => Describe(document, product));
            api.CreateSchemaReferenceId = NameOf;
        });
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = false);
        services.AddMudServices();
        services.ConfigureHttpJsonOptions(json => Copy(json.SerializerOptions));
        services.AddRazorComponents().AddInteractiveServerComponents();
    }

    public static void UseArkWeb(this WebApplication app)
    {
        app.UseGuards();
        app.UseRequestLocalization();
        app.UseHttpMetrics();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();
    }

    /// <summary>The endpoints of both hosts; the API group is the host's to add to.</summary>
    public static RouteGroupBuilder MapArkWeb(this WebApplication app)
    {
        app.MapGet("/health", HealthAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapMetrics("/metrics").AllowAnonymous();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapStaticAssets().AllowAnonymous();
        app.MapSignInPages();
        app.MapLanguages();
        app.MapRazorComponents<WebDocument>().AddInteractiveServerRenderMode().AddAdditionalAssemblies(app.Services.GetRequiredService<Product>().Host);

        var api = app.MapGroup(Api).RequireAuthorization();
        var entrance = api.MapGroup("").AllowAnonymous().RequireRateLimiting(SignInSetup.Limit).WithTags("Sign-in");
        entrance.MapPost("/set-up", SetUp.CreateAsync).Produces<Refusal>(429, "application/problem+json");
        entrance.MapPost("/sign-in", SignIn.ForProgramAsync).Produces<Refusal>(429, "application/problem+json");
        api.MapGet("/me", OwnAccount.ReadAsync).WithTags("Sign-in");
        api.MapPut("/me/password", OwnAccount.ChangePasswordAsync).WithTags("Sign-in");
        api.MapGet("/tokens", Tokens.ListAsync).WithTags("Tokens");
        api.MapPost("/tokens", Tokens.CreateAsync).WithTags("Tokens");
        api.MapDelete("/tokens/{id:long}", Tokens.DeleteAsync).WithTags("Tokens");
        api.MapGet("/accounts", SaveAccount.ListAsync).WithTags("Accounts");
        api.MapPost("/accounts", SaveAccount.CreateAsync).WithTags("Accounts");
        api.MapPut("/accounts/{id:long}", SaveAccount.UpdateAsync).WithTags("Accounts");
        api.MapGet("/audit", ReadAudit.SearchAsync).WithTags("Audit");
        api.MapGet("/audit/verify", ReadAudit.VerifyAsync).WithTags("Audit");
        api.MapGet("/audit/export", ReadAudit.Export).WithTags("Audit");
        api.MapChannels();
        return api;
    }

    /// <summary>Brings the database's tables up to date, this library's and the host's, and says with which code the first administrator is made.</summary>
    public static void Migrate(this WebApplication app)
    {
        var database = app.Services.GetRequiredService<Database>();
        database.Migrate(typeof(WebHost).Assembly, app.Services.GetRequiredService<Product>().Host);
        app.MakeKeys();
        using var db = database.Open();
        if (SetUp.Needed(db))
            app.Logger.LogInformation("Nobody can sign in yet. Make the first administrator on the page /set-up with the set-up code {Code}", app.Services.GetRequiredService<SetUpCode>().Text);
    }

    private static async Task<IResult> HealthAsync(ArkDb db, CancellationToken cancellation)
    {
        try
        {
            await db.GetTable<AuditHead>().AnyAsync(cancellation);
            return Results.Ok(new { status = "ok" });
        }
        catch (System.Data.Common.DbException)
        {
            return Results.Json(new { status = "the database does not answer" }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>The same document wherever the host runs: it is committed, and a test finds drift.</summary>
    private static Task Describe(OpenApiDocument document, Product product)
    {
        document.Info = new() { Title = product.Name, Version = "v1" };
        document.Servers = null;
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [BearerTokens.SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token, or what sign-in gives." },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(BearerTokens.SchemeName, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary><c>SaveTask.Request</c> is SaveTaskRequest in the API's description: by itself Request would stand for the bodies of all endpoints.</summary>
    private static string? NameOf(JsonTypeInfo json) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(json) is { } name ? (Nullable.GetUnderlyingType(json.Type) ?? json.Type).DeclaringType?.Name + name : null;

    /// <summary>The launcher says where the clone is; elsewhere the data stands under the working directory.</summary>
    private static string Folder() => Path.Combine(Environment.GetEnvironmentVariable("ARK_ROOT") ?? ".", ".ark");

    private static void Copy(System.Text.Json.JsonSerializerOptions json)
    {
        foreach (var converter in Differences.Json.Converters)
            json.Converters.Add(converter);
        json.Encoder = Differences.Json.Encoder;
        json.UnmappedMemberHandling = Differences.Json.UnmappedMemberHandling;
    }
}
