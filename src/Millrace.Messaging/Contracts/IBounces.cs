using Millrace.Mail.Smtp;
using Npgsql;

namespace Millrace.Messaging.Contracts;

/// <summary>What a mail server's refusal means, for modules that send or hear of bounces by servers of their own.</summary>
public interface IBounces
{
    BounceWeight Weigh(SmtpReply reply);

    /// <summary>Makes addresses unusable that are no good: nothing but 1:1 e-mail goes there any more, and their contacts are marked as bounced.</summary>
    Task StopAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyCollection<string> addresses, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <param name="Class">Of the reply, for example <c>no_user</c>.</param>
/// <param name="Kind"><c>hard</c> (the address is no good), <c>soft</c> (the fault may pass) or <c>block</c> (the receiver did not want it of the sender).</param>
public sealed record BounceWeight(string Class, string Kind)
{
    public bool IsHard => Kind == "hard";
}
