using System.ComponentModel;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;

namespace Millrace.Messaging.Automations;

/// <summary>Starts when a person opens a transactional mail that went to the contact's address. Proxies and scanners do not count.</summary>
[AutomationTrigger("transactional.opened", Title = "Transactional e-mail is opened", Group = "E-mail",
    Description = "Starts when a person opens a transactional mail to the contact's address. Opens by machines do not count.")]
internal sealed class TransactionalOpenedTrigger : AutomationTrigger<TransactionalOpened, TransactionalOpenedTrigger.Settings>
{
    internal sealed record Settings
    {
        [Description("Message stream to watch; empty means any."), Picker("mail_stream")]
        public long? Stream { get; init; }

        [Description("Tag the mail bears; empty means any."), MaxCharacters(1000)]
        public string? Tag { get; init; }

        [Description("Words the subject holds; empty means any."), MaxCharacters(200)]
        public string? Subject { get; init; }
    }

    public override bool Matches(TransactionalOpened activity, Settings settings) => activity.Machine is null
        && (settings.Stream is null || settings.Stream == activity.StreamId)
        && (string.IsNullOrEmpty(settings.Tag) || string.Equals(settings.Tag, activity.Tag, StringComparison.OrdinalIgnoreCase))
        && (string.IsNullOrEmpty(settings.Subject) || activity.Title.Contains(settings.Subject, StringComparison.OrdinalIgnoreCase));
}
