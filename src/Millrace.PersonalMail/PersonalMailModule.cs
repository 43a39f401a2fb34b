using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Workers;
using Millrace.Messaging.Contracts;
using Millrace.PersonalMail.Composing;
using Millrace.PersonalMail.Mailboxes;
using Millrace.PersonalMail.SavedResponses;
using Millrace.PersonalMail.Sending;

namespace Millrace.PersonalMail;

/// <summary>1:1 e-mails: what a person writes to one contact, what comes back, saved responses, connected mailboxes. Owns the schema <c>personal</c>.</summary>
public sealed class PersonalMailModule : IModule
{
    public static string Name => "personal";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MailboxOptions>().BindConfiguration(MailboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services
            .AddSingleton<ResponseBook>().AddSingleton<MailTags>().AddSingleton<PersonalKeys>().AddSingleton<MailBody>().AddSingleton<MailFates>().AddSingleton<MailQueue>()
            .AddSingleton<ILetters, PersonalLetters>().AddSingleton<IErasesPeople, EraseLetters>().AddSingleton<Automations.AutomateMail>().AddSingleton<IReaction>(s => s.GetRequiredService<Automations.AutomateMail>())
            .AddSingleton<MailServerDoor>().AddSingleton<MailboxTester>().AddSingleton<SendByMailbox>().AddSingleton<FileSent>().AddSingleton<MailboxBounces>().AddSingleton<ReadReplies>()
            .AddWorker<WorkOnMailboxes>(idleDelay: TimeSpan.FromSeconds(2))
            .AddSingleton(new ConstraintError("mailbox_unique", "mailbox_exists", "This mailbox is connected already."))
            .AddSingleton(new ConstraintError("saved_response_category_unique", "category_exists", "There is a category of this name already."));
    }
}
