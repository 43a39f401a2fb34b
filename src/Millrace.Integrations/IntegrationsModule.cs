using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Integrations.Feeds;
using Millrace.Integrations.Webhooks;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;

namespace Millrace.Integrations;

/// <summary>Calls to other systems. Owns the schema <c>integrations</c>.</summary>
public sealed class IntegrationsModule : IModule
{
    public static string Name => "integrations";

    public static void AddServices(IHostApplicationBuilder builder) => builder.Services
        .AddSingleton<WebhookSignature>().AddSingleton<FeedCall>().AddSingleton<IFeeds, FeedShelf>().AddSingleton<IHttpOutbox, HttpOutbox>()
        .AddSingleton<IStepAftermath, WebhookAftermath>().AddSingleton<IErasesPeople, EraseCalls>()
        .AddWorker<FetchFeeds>(idleDelay: TimeSpan.FromSeconds(2))
        .AddBucketWorker<DeliverWebhooks>(idleDelay: TimeSpan.FromSeconds(1), slices: 1);
}
