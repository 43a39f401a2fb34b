using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Millrace.Mail.Dns;
using Millrace.Messaging.Branding;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Campaigns.Audience;
using Millrace.Messaging.Campaigns.Checks;
using Millrace.Messaging.Campaigns.Editing;
using Millrace.Messaging.Campaigns.Running;
using Millrace.Messaging.Campaigns.Timing;
using Millrace.Messaging.Campaigns.Uses;
using Millrace.Messaging.Catcher;
using Millrace.Messaging.Checks;
using Millrace.Messaging.Checks.Spam;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Images;
using Millrace.Messaging.Inbound;
using Millrace.Messaging.Links;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Senders;
using Millrace.Messaging.Senders.Checks;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Sending.Routing;
using Millrace.Messaging.Suppression;
using Millrace.Messaging.Tracking;
using Millrace.Messaging.Tracking.Quality;
using Millrace.Messaging.Transactional;
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
        services.AddOptions<TrackingOptions>().BindConfiguration(TrackingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TrackingOptions>, CheckTrackingOptions>();
        services.AddOptions<ImageOptions>().BindConfiguration(ImageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DnsOptions>().BindConfiguration(DnsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CampaignOptions>().BindConfiguration(CampaignOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<ISendLimit, NoSendLimit>();
        services.AddOptions<InboundOptions>().BindConfiguration(InboundOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services
            .AddSingleton(s => new TokenKeys(KeyRing.CurrentKeyId, new Dictionary<byte, byte[]>
            {
                [KeyRing.CurrentKeyId] = s.GetRequiredService<KeyRing>().Derive("tracking"),
            }))
            .AddSingleton<TagCatalogues>().AddSingleton<FeedSnapshots>().AddSingleton<IMerge, Merge>().AddSingleton<PublicAddress>().AddSingleton<MessageFreezer>().AddSingleton<CompiledMessages>().AddSingleton<DkimSigners>().AddSingleton<SenderPolicy>()
            .AddSingleton<IDnsLookup>(s => MakeDns(s.GetRequiredService<IOptions<DnsOptions>>().Value))
            .AddSingleton<RecordChecks>().AddSingleton<DomainChecker>().AddWorker<CheckSenderDomains>(idleDelay: TimeSpan.FromSeconds(20))
            .AddSingleton<BounceBook>().AddSingleton<IBounces>(static p => p.GetRequiredService<BounceBook>()).AddSingleton<InboundRecipients>().AddSingleton<InboundHandler>().AddSingleton<InboundEffects>()
            .AddSingleton<InboundListener>().AddHostedService(s => s.GetRequiredService<InboundListener>())
            .AddWorker<ProcessInbound>(idleDelay: TimeSpan.FromSeconds(2)).AddWorker<ForwardReplies>(idleDelay: TimeSpan.FromSeconds(5))
            .AddWorker<ForgetInbound>(idleDelay: TimeSpan.FromMinutes(10))
            .AddWorker<ForgetDialogues>(idleDelay: TimeSpan.FromMinutes(10))
            .AddWorker<ForgetTests>(idleDelay: TimeSpan.FromMinutes(30))
            .AddSingleton<IOutbox, Outbox>().AddSingleton<IReach, EmailReach>().AddSingleton<IReaction, LiftUnsubscribes>().AddSingleton<IErasesPeople, Erasing.EraseMails>().AddSingleton<IErasesPeople, Erasing.EraseTransactional>().AddSingleton<IReaction, Reports.CountMails>().AddSingleton<Addresses.AddressBook>().AddSingleton<Tracking.Preferences>().AddSingleton<Tracking.BrandedPage>().AddSingleton<IPersonalMailCounts, Reports.PersonalMailCounts>().AddSingleton<IReaction, Deliverability.CountDomains>().AddSingleton<Deliverability.DeliverabilityWarnings>().AddSingleton<IReaction, LinkActions.RunLinkActions>()
            .AddWorker<Reports.FoldMailTallies>(idleDelay: TimeSpan.FromMinutes(5))
            .AddSingleton<LetterTeller>().AddSingleton<IMailHtml, MailHtml>().AddSingleton<IPublicAddress>(s => s.GetRequiredService<PublicAddress>()).AddSingleton<ISenderCheck>(s => s.GetRequiredService<SenderPolicy>())
            .AddSingleton<SendingPlans>().AddSingleton<DomainPace>().AddSingleton<SendResults>().AddSingleton<SendLedger>()

            // Before the worker, so that a stop ends first the claims, then what is in hand; the leases go back last.
            .AddSingleton<Postroom>().AddHostedService(s => s.GetRequiredService<Postroom>())
            .AddBucketWorker<SendDue>(idleDelay: TimeSpan.FromSeconds(1))
            .AddSingleton<CampaignAudience>().AddSingleton<CampaignChecks>().AddSingleton<CampaignEditing>().AddSingleton<CampaignStates>()
            .AddSingleton<CampaignFeeds>().AddSingleton<StartCampaign>().AddSingleton<FreezeAudience>().AddSingleton<SweepSends>().AddSingleton<RecurCampaign>()
            .AddWorker<RunCampaigns>(idleDelay: TimeSpan.FromSeconds(1)).AddWorker<BestHours>(idleDelay: TimeSpan.FromSeconds(30)).AddWorker<ReadCampaignFeeds>(idleDelay: TimeSpan.FromSeconds(1))
            .AddSingleton<IReaction, NoteSubscribers>().AddSingleton<ISegmentUse, SegmentsInCampaigns>().AddSingleton<IListUse, ListsInCampaigns>()
            .AddSingleton<EngagementIntake>()
            .AddSingleton<PublicTokens>().AddSingleton<MachineNetworks>().AddSingleton<MachineGuess>().AddSingleton<LinkTargets>().AddSingleton<SentMails>().AddSingleton<Sharing.ForwardMail>().AddSingleton<Campaigns.Archive.PublicCopy>().AddSingleton<UnsubscribeBySend>().AddSingleton<Previews>().AddSingleton<Templates.TemplatePreviews>().AddSingleton<ISessionFact, CatcherFact>()
            .AddSingleton<ImageWorkshop>().AddSingleton<ImageStore>().AddSingleton<RecentImages>().AddSingleton<WebsiteLook>()
            .AddSingleton(new ConstraintError("image_folder_unique", "image_folder_exists", "A folder of this name is already there."))
            .AddTransactional()
            .AddSingleton(new ConstraintError("sender_domain_unique", "sender_domain_exists", "This domain is already there."))
            .AddSingleton(new ConstraintError("exclusion_unique", "exclusion_exists", "This pattern is already there."));
    }

    private static DnsClient MakeDns(DnsOptions options) => new(options.EndPoints, TimeSpan.FromSeconds(options.Patience));
}
