using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ark.Web.Tests.Hosts;

/// <summary>An OpenID Connect provider that lets in whomever the test names, as far as the code flow with PKCE needs it.</summary>
public sealed class Provider : IAsyncDisposable
{
    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "1" };
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> _codes = [];
    private readonly WebApplication _app;

    public Provider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Url, ["authorization_endpoint"] = $"{Url}/authorize", ["token_endpoint"] = $"{Url}/token", ["jwks_uri"] = $"{Url}/keys",
            ["response_types_supported"] = (string[])["code"], ["subject_types_supported"] = (string[])["public"], ["id_token_signing_alg_values_supported"] = (string[])["RS256"],
        });
        _app.MapGet("/keys", () => new { keys = (object[])[Key()] });
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
    }

    public string Url => _app.Urls.First();

    public string Subject { get; set; } = "1001";

    public string UserName { get; set; } = "li.wei";

    /// <summary>The claim <c>dept</c>; null: none.</summary>
    public string? Department { get; set; }

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (request.Query["nonce"].ToString(), request.Query["code_challenge"].ToString());
        return Results.Redirect($"{request.Query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(request.Query["state"].ToString())}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!_codes.TryRemove(form["code"].ToString(), out var asked) || form["client_secret"] != "s3cret"
            || Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != asked.Challenge)
            return Results.BadRequest(new { error = "invalid_grant" });
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Url, Audience = "panama", Expires = DateTime.UtcNow.AddMinutes(5), SigningCredentials = new(_key, SecurityAlgorithms.RsaSha256),
            Claims = Claims(asked.Nonce),
        });
        return Results.Json(new Dictionary<string, object> { ["access_token"] = "unused", ["token_type"] = "Bearer", ["expires_in"] = 300, ["id_token"] = token });
    }

    private Dictionary<string, object> Claims(string nonce)
    {
        var claims = new Dictionary<string, object> { ["sub"] = Subject, ["nonce"] = nonce, ["preferred_username"] = UserName, ["name"] = "李伟" };
        if (Department is { } department)
            claims["dept"] = department;
        return claims;
    }

    private Dictionary<string, string> Key()
    {
        var key = _key.Rsa.ExportParameters(includePrivateParameters: false);
        return new() { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "1", ["alg"] = "RS256", ["n"] = Base64UrlEncoder.Encode(key.Modulus), ["e"] = Base64UrlEncoder.Encode(key.Exponent) };
    }
}
