using System.Net;
using System.Text;
using Ark.Panama.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ark.Web.Tests.Accounts;

/// <summary>Every endpoint that the host has × everybody who may call it. An endpoint without an entry here fails.</summary>
public abstract class AuthorisationTests(PanamaSite site)
{
    /// <summary>Who an endpoint is for. The outsider is an engineer who sees no customer.</summary>
    private enum For { Everybody, SignedIn, Engineers, EngineersOfTheCustomer, ReadersOfTheCustomer, Administrators }

    private static readonly Dictionary<string, (For Whom, string Body)> Matrix = new()
    {
        ["POST /api/v1/set-up"] = (For.Everybody, "{}"),
        ["POST /api/v1/sign-in"] = (For.Everybody, """{"name":"viewer","password":"correct horse battery"}"""),
        ["GET /api/v1/me"] = (For.SignedIn, ""),
        ["PUT /api/v1/me/password"] = (For.SignedIn, "{}"),
        ["GET /api/v1/tokens"] = (For.SignedIn, ""),
        ["POST /api/v1/tokens"] = (For.SignedIn, """{"name":"t","scope":"viewer","days":1}"""),
        ["DELETE /api/v1/tokens/{id:long}"] = (For.SignedIn, ""),
        ["GET /api/v1/accounts"] = (For.Administrators, ""),
        ["POST /api/v1/accounts"] = (For.Administrators, "{}"),
        ["PUT /api/v1/accounts/{id:long}"] = (For.Administrators, "{}"),
        ["GET /api/v1/audit"] = (For.Administrators, ""),
        ["GET /api/v1/audit/verify"] = (For.Administrators, ""),
        ["GET /api/v1/audit/export"] = (For.Administrators, ""),
        ["GET /api/v1/channels"] = (For.SignedIn, ""),
        ["GET /api/v1/channels/{id:long}"] = (For.ReadersOfTheCustomer, ""),
        ["POST /api/v1/channels"] = (For.Engineers, "{}"),
        ["PUT /api/v1/channels/{id:long}"] = (For.EngineersOfTheCustomer, "{}"),
        ["POST /api/v1/channels/{id:long}/test"] = (For.EngineersOfTheCustomer, ""),
        ["DELETE /api/v1/channels/{id:long}"] = (For.EngineersOfTheCustomer, ""), // the engineer's call removes it: stays behind the others
        ["GET /api/v1/customers"] = (For.SignedIn, ""),
        ["GET /api/v1/customers/{id:long}"] = (For.ReadersOfTheCustomer, ""),
        ["POST /api/v1/customers"] = (For.Engineers, "{}"),
        ["PUT /api/v1/customers/{id:long}"] = (For.EngineersOfTheCustomer, """{"name":"Shop"}"""),
        ["GET /api/v1/repositories"] = (For.SignedIn, ""),
        ["POST /api/v1/repositories"] = (For.Administrators, "{}"),
        ["DELETE /api/v1/repositories/{id:long}"] = (For.Administrators, ""),
        ["POST /api/v1/repositories/{id:long}/refresh"] = (For.Engineers, ""),
        ["GET /api/v1/baselines/versions"] = (For.SignedIn, ""),
        ["GET /api/v1/baselines/compare"] = (For.SignedIn, "?from=a&to=b"),
        ["GET /api/v1/baselines/customers"] = (For.SignedIn, "?name=a"),
        ["GET /api/v1/configurations"] = (For.SignedIn, ""),
        ["GET /api/v1/configurations/{id:long}"] = (For.ReadersOfTheCustomer, ""),
        ["GET /api/v1/configurations/{id:long}/revisions"] = (For.ReadersOfTheCustomer, ""),
        ["GET /api/v1/configurations/{id:long}/compare"] = (For.ReadersOfTheCustomer, "?from=1&to=1"),
        ["GET /api/v1/configurations/{id:long}/values"] = (For.ReadersOfTheCustomer, ""),
        ["POST /api/v1/configurations"] = (For.Engineers, """{"customerId":1,"revision":{}}"""),
        ["PUT /api/v1/configurations/{id:long}"] = (For.EngineersOfTheCustomer, "{}"),
        ["POST /api/v1/configurations/{id:long}/rollback"] = (For.EngineersOfTheCustomer, """{"revision":1,"version":99}"""),
        ["DELETE /api/v1/configurations/{id:long}"] = (For.EngineersOfTheCustomer, "?version=99"),
        ["GET /api/v1/scheduling"] = (For.SignedIn, "?baseline=a"),
        ["GET /api/v1/scheduling/templates"] = (For.SignedIn, ""),
        ["POST /api/v1/scheduling/templates"] = (For.Engineers, """{"customerId":1}"""),
        ["PUT /api/v1/scheduling/templates/{id:long}"] = (For.EngineersOfTheCustomer, """{"customerId":1}"""),
        ["DELETE /api/v1/scheduling/templates/{id:long}"] = (For.EngineersOfTheCustomer, "?version=99"),
        ["GET /api/v1/tasks"] = (For.SignedIn, ""),
        ["GET /api/v1/tasks/{id:long}"] = (For.ReadersOfTheCustomer, ""),
        ["GET /api/v1/tasks/environment"] = (For.ReadersOfTheCustomer, "?domain=matrix.example"),
        ["POST /api/v1/tasks/check"] = (For.SignedIn, """{"line":"3.1","domain":"x.example","variables":{}}"""),
        ["POST /api/v1/tasks"] = (For.Engineers, "{}"),
        ["PUT /api/v1/tasks/{id:long}"] = (For.EngineersOfTheCustomer, """{"customerId":1,"name":"Matrix"}"""),
        ["PUT /api/v1/tasks/{id:long}/state"] = (For.EngineersOfTheCustomer, """{"state":"archived","version":99}"""),
        ["GET /api/v1/baselines"] = (For.SignedIn, ""),
        ["POST /api/v1/tasks/labels"] = (For.SignedIn, """{"baseline":"open-3.1","machines":"10.0.0.11","labels":""}"""),
        ["GET /api/v1/tasks/{id:long}/components"] = (For.ReadersOfTheCustomer, ""),
        ["PUT /api/v1/tasks/{id:long}/design"] = (For.EngineersOfTheCustomer, """{"design":{},"version":99}"""),
        ["POST /api/v1/tasks/{id:long}/design/check"] = (For.ReadersOfTheCustomer, "{}"),
        ["GET /api/v1/tasks/{id:long}/preview"] = (For.ReadersOfTheCustomer, ""),
        ["POST /api/v1/tasks/{id:long}/addresses"] = (For.EngineersOfTheCustomer, """{"version":99}"""),
        ["POST /api/v1/tasks/{id:long}/package"] = (For.EngineersOfTheCustomer, """{"version":99}"""),
        ["GET /api/v1/tasks/{id:long}/packages"] = (For.ReadersOfTheCustomer, ""),
        ["GET /api/v1/tasks/{id:long}/packages/{number:int}/{file}"] = (For.ReadersOfTheCustomer, ""),
        ["GET /api/v1/tasks/{id:long}/difference"] = (For.ReadersOfTheCustomer, ""),
        ["POST /api/v1/tasks/{id:long}/copy"] = (For.EngineersOfTheCustomer, "{}"),
        ["POST /api/v1/sizing"] = (For.SignedIn, """{"products":["EDAS"]}"""),
        ["POST /api/v1/sizing/compare"] = (For.SignedIn, """{"requests":[{"products":["EDAS"]},{"products":["MQ"]}]}"""),
        ["POST /api/v1/sizing/xlsx"] = (For.SignedIn, """{"products":["EDAS"]}"""),
        ["POST /api/v1/sizing/task"] = (For.Engineers, """{"sizing":{"products":["EDAS"]},"customerId":99}"""),
        ["GET /api/v1/requirements"] = (For.SignedIn, ""),
        ["GET /api/v1/requirements.xlsx"] = (For.SignedIn, ""),
    };

    /// <summary>Whatever else is served, and whether nobody in particular gets it.</summary>
    private static readonly Dictionary<string, bool> Elsewhere = new()
    {
        ["/health"] = true, ["/metrics"] = true, ["/openapi/{documentName}.json"] = true, ["/language"] = true, ["/not-found"] = false,
        ["/sign-in"] = true, ["/sign-in/provider"] = true, ["/sign-out"] = true, ["/set-up"] = true,
        ["/tasks/{Id:long}/information"] = false, ["/tasks/{Id:long}/components"] = false, ["/tasks/{Id:long}/addresses"] = false, ["/tasks/{Id:long}/details"] = false, ["/tasks/{Id:long}/package"] = false,
        ["/"] = false, ["/tasks/new"] = false, ["/tasks/{Id:long}"] = false, ["/customers"] = false, ["/customers/new"] = false, ["/customers/{Id:long}"] = false,
        ["/versions"] = false, ["/configurations"] = false, ["/configurations/new"] = false, ["/configurations/{Id:long}"] = false, ["/scheduling"] = false,
        ["/channels"] = false,
        ["/sizing"] = false, ["/requirements"] = false, ["/accounts"] = false, ["/audit"] = false, ["/me"] = false, ["/_blazor"] = false, ["/_blazor/negotiate"] = false, ["/_blazor/disconnect"] = false, ["/_blazor/initializers"] = false, ["/_framework/opaque-redirect"] = false, ["/{**path:file}"] = false,
    };

    [Fact]
    public async Task Every_endpoint_of_the_API_lets_in_whom_it_should_and_nobody_else()
    {
        await site.As("engineer").PostAsync("tasks", new { customerId = 1, name = "Matrix", domain = "matrix.example", line = "3.1", baseline = "b1" });
        await site.As("engineer").PostAsync("channels", new { name = "Matrix", kind = "webhook", customerId = 1, settings = new { url = "http://localhost/" } });
        await using (var db = site.Open())
        {
            await db.InsertAsync(new ConfigurationSet { Name = "Matrix", CustomerId = 1, Component = "c" }, token: TestContext.Current.CancellationToken);
            await db.InsertAsync(new ConfigurationRevision { ConfigurationId = 1, Number = 1, Baseline = "b1", Values = "{}", Reason = "", By = "admin" }, token: TestContext.Current.CancellationToken);
            await db.InsertAsync(new LabelTemplate { Name = "Matrix", CustomerId = 1, Labels = "{}", UpdatedBy = "admin" }, token: TestContext.Current.CancellationToken);
        }

        List<string> wrong = [];
        var known = Endpoints().Where(e => e.Path.StartsWith(WebHost.Api, StringComparison.Ordinal)).Select(e => $"{e.Method} {e.Path}").ToList();
        Assert.Equal(Matrix.Keys.Order(), known.Order());
        foreach (var (endpoint, (whom, body)) in Matrix)
        {
            foreach (var account in (string?[])[null, "viewer", "engineer", "outsider", "admin"])
            {
                var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1].Replace("tokens/{id:long}", "tokens/999", StringComparison.Ordinal).Replace("{id:long}", "1", StringComparison.Ordinal)
                    .Replace("{number:int}", "1", StringComparison.Ordinal).Replace("{file}", "ark.properties", StringComparison.Ordinal));
                var query = body.StartsWith('?');
                using var content = body.Length == 0 || query ? null : new StringContent(body, Encoding.UTF8, "application/json");
                var status = (await site.As(account).SendAsync(method, query ? path + body : path, content)).Status;
                if (!IsAsWanted(Wanted(whom, account), status))
                    wrong.Add($"{endpoint} as {account ?? "nobody"}: {status}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_page_and_file_is_either_for_everybody_or_leads_to_the_sign_in()
    {
        List<string> wrong = [];
        foreach (var (method, path, endpoint) in Endpoints().Where(e => !e.Path.StartsWith(WebHost.Api, StringComparison.Ordinal)))
        {
            if (endpoint.Metadata.Any(m => m.GetType().Name == "StaticAssetDescriptor"))
                continue;
            if (!Elsewhere.TryGetValue(path, out var open))
            {
                wrong.Add($"{method} {path} has no entry");
                continue;
            }

            var reply = await site.As(null).SendAsync(method, path.Replace("{Id:long}", "1", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal));
            var toSignIn = reply.Status == HttpStatusCode.Redirect && reply.Location!.OriginalString.Contains("/sign-in?to=", StringComparison.Ordinal);
            if (open == toSignIn)
                wrong.Add($"{method} {path}: {reply.Status} {reply.Location}");
        }

        Assert.Empty(wrong);
    }

    private static string Wanted(For whom, string? account) => (whom, account) switch
    {
        (For.Everybody, _) => "any",
        (_, null) => "401",
        (For.SignedIn, _) => "in",
        (For.Administrators, _) => account == "admin" ? "in" : "403",
        (For.Engineers, _) => account == "viewer" ? "403" : "in",
        (For.EngineersOfTheCustomer, "viewer") => "403",
        (_, "outsider") => "404",
        _ => "in",
    };

    private static bool IsAsWanted(string wanted, HttpStatusCode status) => wanted switch
    {
        "any" => status != HttpStatusCode.Forbidden && (int)status < 500,
        "in" => status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.NotFound,
        _ => (int)status == int.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture),
    };

    private IEnumerable<(string Method, string Path, RouteEndpoint Endpoint)> Endpoints() =>
        from endpoint in site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"]
        select (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint);
}

public sealed class AuthorisationOnSqlite(SqliteSite site) : AuthorisationTests(site), IClassFixture<SqliteSite>;

public sealed class AuthorisationOnMariaDb(MariaDbSite site) : AuthorisationTests(site), IClassFixture<MariaDbSite>;
