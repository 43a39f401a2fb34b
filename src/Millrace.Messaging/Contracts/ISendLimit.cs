using Millrace.Kernel.Data;

namespace Millrace.Messaging.Contracts;

/// <summary>Says whether an account may send so many mails more. The product has no limit of its own; an installation that sells plans registers one.</summary>
public interface ISendLimit
{
    /// <param name="mails">Counts how many it would be; costs a look over the audience.</param>
    /// <returns>Why not, a sentence for people; null: it may. A campaign that may not is held, and asked about again each quarter of an hour.</returns>
    Task<string?> RefusalAsync(AccountTransaction work, long accountId, Func<Task<long>> mails, CancellationToken cancellationToken);
}
