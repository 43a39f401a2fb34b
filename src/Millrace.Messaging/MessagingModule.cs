using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Mail.Dns;
using Millrace.Messaging.Catcher;
using Millrace.Messaging.Checks;
using Millrace.Messaging.Checks.Spam;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Links;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Senders;
using Millrace.Messaging.Senders.Checks;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Suppression;
using Millrace.Messaging.Tracking;
using Millrace.Segments.Contracts;

namespace Millrace.Messaging;

/// <summary>E-mail: messages and their versions, the ledger of sends, dispatch, tracking, suppression. Owns the schema <c>messaging</c>.</summary>
public sealed class MessagingModule : IModule
{
    public static string Name => "messaging";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SendingOptions>().BindConfiguration(SendingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SpamCheckOptions>().BindConfiguration(SpamCheckOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ContentChecks>().AddSingleton<SpamChecker>().AddSingleton<WebProbe>();
        services.AddOptions<DnsOptions>().BindConfiguration(DnsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services
            .AddSingleton(s => new TokenKeys(KeyRing.CurrentKeyId, new Dictionary<byte, byte[]>
            {
                [KeyRing.CurrentKeyId] = s.GetRequiredService<KeyRing>().Derive("tracking"),
            }))
            .AddSingleton<TagCatalogues>().AddSingleton<FeedSnapshots>().AddSingleton<IMerge, Merge>().AddSingleton<PublicAddress>().AddSingleton<MessageFreezer>().AddSingleton<CompiledMessages>().AddSingleton<DkimSigners>().AddSingleton<SenderPolicy>()
            .AddSingleton<IDnsLookup>(s => MakeDns(s.GetRequiredService<IOptions<DnsOptions>>().Value))
            .AddSingleton<RecordChecks>().AddSingleton<DomainChecker>().AddWorker<CheckSenderDomains>(idleDelay: TimeSpan.FromSeconds(20))
            .AddWorker<ForgetTests>(idleDelay: TimeSpan.FromMinutes(30))
            .AddSingleton<IOutbox, Outbox>().AddSingleton<IReach, EmailReach>().AddSingleton<IReaction, LiftUnsubscribes>().AddSingleton<IReaction, Reports.CountMails>()
            .AddSingleton<DomainPace>().AddSingleton<SendResults>().AddSingleton<SendLedger>()

            // Before the worker, so that a stop ends first the claims, then what is in hand; the leases go back last.
            .AddSingleton<Postroom>().AddHostedService(s => s.GetRequiredService<Postroom>())
            .AddBucketWorker<SendDue>(idleDelay: TimeSpan.FromSeconds(1))
            .AddSingleton<EngagementIntake>()
            .AddSingleton<PublicTokens>().AddSingleton<MachineGuess>().AddSingleton<LinkTargets>().AddSingleton<SentMails>().AddSingleton<UnsubscribeBySend>().AddSingleton<Previews>().AddSingleton<ISessionFact, CatcherFact>()
            .AddSingleton(new ConstraintError("sender_domain_unique", "sender_domain_exists", "This domain is already there."))
            .AddSingleton(new ConstraintError("exclusion_unique", "exclusion_exists", "This pattern is already there."));
    }

    private static DnsClient MakeDns(DnsOptions options) => new(options.EndPoints, TimeSpan.FromSeconds(options.Patience));
}
