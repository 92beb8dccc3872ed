using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ark.Web.Channels;

/// <summary>Alert channels, the same in both web hosts.</summary>
public static class ChannelsFeature
{
    public static void AddChannels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new OutboundNetworks(configuration["Channels:AllowedNetworks"]));
        services.AddSingleton(new TrustedRoots(configuration["Channels:TrustedCertificates"]));
        services.AddSingleton<ChannelSecrets>();
        services.AddSingleton<ChannelRules>();
        services.AddSingleton<HttpChannels>();
        services.AddSingleton<MailChannels>();
        services.AddSingleton<ChannelSender>();
    }

    public static void MapChannels(this RouteGroupBuilder api)
    {
        var channels = api.MapGroup("/channels").WithTags("Channels");
        channels.MapGet("", ListChannels.HandleAsync);
        channels.MapGet("/{id:long}", ListChannels.OneAsync);
        channels.MapPost("", SaveChannel.CreateAsync);
        channels.MapPut("/{id:long}", SaveChannel.UpdateAsync);
        channels.MapDelete("/{id:long}", SaveChannel.DeleteAsync);
        channels.MapPost("/{id:long}/test", TestChannel.HandleAsync);
    }
}
