using System.Globalization;
using System.Security.Claims;

namespace Ark.Web.Accounts;

/// <summary>What a cookie or a token says about the one who sent it.</summary>
public static class Principal
{
    public const string Stamp = "ark:stamp";
    public const string Scope = "ark:scope";
    public const string Via = "ark:via";

    public static ClaimsPrincipal Of(Account account, string scheme, string via, Role? scope = null) =>
        new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, account.Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, account.Name),
            new(Stamp, account.Stamp),
            new(Via, via),
            new(Scope, (scope ?? account.Role).ToString()),
        ], scheme));
}
