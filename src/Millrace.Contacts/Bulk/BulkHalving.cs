using Microsoft.Extensions.Logging;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Contacts.Bulk;

/// <summary>
/// Works on a batch, and when it fails on its halves, down to the contacts that fail alone: they are reported, all others go through. Each try is
/// undone to a savepoint, so the batch stays one transaction. What a repetition can mend (a deadlock, a lost connection) goes up as it is.
/// </summary>
internal sealed partial class BulkHalving(BulkBatch batch, Func<BulkBatch, Task<IReadOnlyList<BulkOutcome>>> execute, ILogger logger)
{
    /// <summary>When so many fail and none gets through, it is not the contacts; then the batch fails as a whole.</summary>
    private const int MaxAllBad = 16;

    private readonly List<BulkOutcome> _outcomes = [];
    private int _bad;

    public async Task<IReadOnlyList<BulkOutcome>> RunAsync(CancellationToken cancellationToken)
    {
        await TryAsync(batch.ContactIds, cancellationToken);
        return _outcomes;
    }

    private async Task TryAsync(long[] contactIds, CancellationToken cancellationToken)
    {
        const string here = "bulk";
        await batch.Transaction.SaveAsync(here, cancellationToken);
        try
        {
            _outcomes.AddRange(await execute(batch with { ContactIds = contactIds }));
            await batch.Transaction.ReleaseAsync(here, cancellationToken);
            return;
        }
        catch (Exception e) when (IsOfTheContacts(e))
        {
            await batch.Transaction.RollbackAsync(here, cancellationToken);
            await batch.Transaction.ReleaseAsync(here, cancellationToken);
            if (contactIds is [var contactId])
            {
                LogBad(logger, e, contactId);
                if (++_bad >= MaxAllBad && _outcomes.Count == _bad - 1)
                {
                    throw;
                }

                _outcomes.Add(new BulkOutcome(contactId, BulkOutcome.Failed) { Detail = Why(e) });
                return;
            }
        }

        var middle = contactIds.Length / 2;
        await TryAsync(contactIds[..middle], cancellationToken);
        await TryAsync(contactIds[middle..], cancellationToken);
    }

    private static bool IsOfTheContacts(Exception e) => e switch
    {
        OperationCanceledException => false,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => false,
        NpgsqlException { IsTransient: true } => false,
        // A broken connection is not told apart from a broken statement by its type alone.
        NpgsqlException => e is PostgresException,
        _ => true,
    };

    private static string Why(Exception e) => e is DomainException known
        ? StorableText.Cut(known.Message, 500)
        : $"Failed on our side ({(e as PostgresException)?.SqlState ?? e.GetType().Name}); the server's log says more.";

    [LoggerMessage(Level = LogLevel.Error, Message = "Contact {ContactId} makes its batch of a bulk job fail")]
    private static partial void LogBad(ILogger logger, Exception exception, long contactId);
}
