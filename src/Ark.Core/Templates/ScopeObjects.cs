using Ark.Core.Catalog;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace Ark.Core.Templates;

/// <summary>A <see cref="RenderScope"/> as Scriban's objects; each part is built when a template first asks for it.</summary>
internal sealed class ScopeObjects(RenderScope scope, bool withSecrets)
{
    public static readonly IReadOnlyList<string> Roots =
        ["site", "task", "component", "instance", "peers", "parameters", "ports", "components", "endpoints", "names"];

    private readonly Dictionary<string, object?> _built = [];
    private ScriptObject? _parameters;

    /// <summary>The value of a root variable; false if there is none of that name.</summary>
    public bool TryGet(string name, out object? value)
    {
        if (_built.TryGetValue(name, out value))
            return true;
        value = Build(name);
        if (value is null)
            return false;
        _built[name] = value;
        return true;
    }

    /// <summary>True for the object of parameters, which alone knows secrets that it may not give.</summary>
    public bool IsParameters(object target) => ReferenceEquals(target, _parameters);

    private object? Build(string name) => name switch
    {
        "site" => Site(scope.Site),
        "task" => Of(("id", scope.Task.Id), ("domain", scope.Task.Domain), ("purpose", scope.Task.Purpose)),
        "component" => Of(("name", scope.Component)),
        "instance" => Instance(scope.Instance),
        "peers" => List(scope.Peers, Instance),
        "parameters" => _parameters = Parameters(scope.Parameters, withSecrets),
        "ports" => Ports(scope.Ports),
        "components" => Components(),
        "endpoints" => List(scope.Endpoints, Endpoint),
        "names" => List(scope.Names, n => Of(("name", n.Name), ("addresses", List(n.Instances, i => i.Address)), ("instances", List(n.Instances, Instance)))),
        "token" => scope.Token,
        "external" when scope.External is { } external => External(external, withSecrets),
        _ => null,
    };

    private static ScriptObject Site(SiteView site) => Of(
        ("mode", site.Mode),
        ("line", site.Line),
        ("domain", site.Domain),
        ("region", site.Region),
        ("ntpServer", site.NtpServer),
        ("dnsForwarders", List(site.DnsForwarders, f => f)));

    private static ScriptObject External(ExternalView external, bool withSecrets) => withSecrets
        ? Of(("host", external.Host), ("port", external.Port), ("user", external.User), ("password", external.Password?.Reveal() ?? ""))
        : Of(("host", external.Host), ("port", external.Port), ("user", external.User));

    private static ScriptObject Instance(InstanceView instance) => Of(
        ("name", instance.Name), ("index", instance.Index), ("address", instance.Address), ("machine", instance.Machine), ("room", instance.Room));

    private static ScriptObject Endpoint(EndpointView endpoint) => Of(
        ("component", endpoint.Component),
        ("port", endpoint.Port),
        ("frontPort", endpoint.FrontPort),
        ("balance", endpoint.Balance),
        ("httpCheck", endpoint.HttpCheck),
        ("instances", List(endpoint.Instances, Instance)));

    private static ScriptObject Ports(IReadOnlyDictionary<string, int> ports) => Of([.. ports.Select(p => (p.Key, (object?)p.Value))]);

    private static ScriptObject Parameters(ParameterValues values, bool withSecrets)
    {
        var of = Of([.. values.Clear.Select(p => (p.Key, (object?)p.Value))]);
        if (withSecrets)
        {
            foreach (var (name, secret) in values.Secrets)
                of.SetValue(name, secret.Reveal(), true);
        }

        return of;
    }

    private Deployed Components()
    {
        var components = new Deployed();
        foreach (var (name, view) in scope.Components)
        {
            components.SetValue(
                name,
                Of(
                    ("instances", List(view.Instances, Instance)),
                    ("ports", Ports(view.Ports)),
                    ("parameters", Parameters(view.Parameters, false)),
                    ("endpoint", view.Endpoint is null ? null : Endpoint(view.Endpoint))),
                true);
        }

        return components;
    }

    internal static ScriptObject Of(params IReadOnlyList<(string Name, object? Value)> members)
    {
        var of = new ScriptObject(members.Count);
        foreach (var (name, value) in members)
            of.SetValue(name, value, true);
        of.IsReadOnly = true;
        return of;
    }

    internal static ScriptArray List<T>(IReadOnlyList<T> items, Func<T, object> item)
    {
        var list = new ScriptArray(items.Count);
        foreach (var i in items)
            list.Add(item(i));
        list.SetValue("first", list.Count == 0 ? null : list[0], true);
        list.SetValue("last", list.Count == 0 ? null : list[^1], true);
        list.IsReadOnly = true;
        return list;
    }

    /// <summary>Asking for a component that the task has not is no error: it is how a template finds out.</summary>
    private sealed class Deployed : ScriptObject
    {
        public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
        {
            base.TryGetValue(context!, span, member, out value);
            return true;
        }
    }
}
