using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;

namespace Millrace.Messaging.Campaigns;

internal sealed class NoSendLimit : ISendLimit
{
    public Task<string?> RefusalAsync(AccountTransaction work, long accountId, Func<Task<long>> mails, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);
}
