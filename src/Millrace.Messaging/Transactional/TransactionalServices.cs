using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Workers;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Inbound;
using Millrace.Messaging.Transactional.Postmark;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Servers;
using Millrace.Messaging.Transactional.Templates;
using Millrace.Messaging.Transactional.Webhooks;

namespace Millrace.Messaging.Transactional;

/// <summary>What transactional mail registers.</summary>
internal static class TransactionalServices
{
    public static IServiceCollection AddTransactional(this IServiceCollection services)
    {
        services.AddOptions<TransactionalOptions>().BindConfiguration(TransactionalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<TransactionalEvents>().AddSingleton<ITransactionalFeedback>(s => s.GetRequiredService<TransactionalEvents>())
            .AddSingleton<LetterShelf>().AddSingleton<TransactionalMailer>().AddSingleton<MailTemplates>().AddSingleton<MailDoor>()
            .AddSingleton<MailServers>().AddSingleton<MailWebhooks>().AddSingleton<WebhookBook>().AddSingleton<StreamSuppressions>()
            .AddSingleton<ITransactionalInbound, InboundMails>()
            .AddSingleton<PostmarkGate>().AddScoped<PostmarkCaller>()
            .AddWorker<TellTransactional>(idleDelay: TimeSpan.FromSeconds(1)).AddWorker<ForgetMails>(idleDelay: TimeSpan.FromMinutes(10))
            .AddSingleton(new ConstraintError("mail_server_name_unique", "mail_server_exists", "There is a server of this name already."))
            .AddSingleton(new ConstraintError("mail_stream_key_unique", "stream_exists", "This server has a stream of that key already."))
            .AddSingleton(new ConstraintError("mail_template_alias_unique", "alias_exists", "This server has a template of that alias already."));
    }
}
