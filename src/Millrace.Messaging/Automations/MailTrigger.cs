using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Messaging.Automations;

/// <summary>A trigger on what becomes of one mail: its lists are those the mail went to.</summary>
internal abstract class MailTrigger<TActivity, TSettings> : AutomationTrigger<TActivity, TSettings>
    where TActivity : class, IActivity
    where TSettings : class
{
    /// <inheritdoc/>
    public override Task<IReadOnlyList<IReadOnlyList<long>>> ListsOfAsync(
        NpgsqlTransaction transaction, long accountId, IReadOnlyList<IActivity> activities, CancellationToken cancellationToken) =>
        ListsOfMails.ReadAsync(transaction, accountId, [.. activities.Select(a => SendOf((TActivity)a))], cancellationToken);

    protected abstract long SendOf(TActivity activity);
}
