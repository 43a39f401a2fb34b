using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>Bound from <c>Millrace:Looks</c>: how long one look over all contacts may take, so that one request cannot keep the database busy.</summary>
public sealed class LookOptions
{
    public const string Section = "Millrace:Looks";

    /// <summary>A question that somebody waits for: a count, a preview, the members of a segment; in seconds, 0.001 to 60. Default 5.</summary>
    [Range(0.001, 60)]
    public double QuestionSeconds { get; set; } = 5;

    /// <summary>Finding the contacts of a page or of a bulk action; in seconds, 0.001 to 600. Default 20.</summary>
    [Range(0.001, 600)]
    public double ChoiceSeconds { get; set; } = 20;
}

/// <summary>
/// Looks over all contacts under a time limit. Each statement of the transaction has it from then on. The caller's token stops the statement in the database
/// too, so an answer nobody waits for costs nothing more.
/// </summary>
public sealed class TimedLooks(IOptions<LookOptions> options)
{
    /// <summary>A question that somebody waits for.</summary>
    /// <param name="path">What was asked too much of: the field of the error.</param>
    /// <exception cref="InvalidInputException">422 <c>too_slow</c>.</exception>
    public Task<T> QuestionAsync<T>(AccountTransaction work, string path, Func<Task<T>> ask, CancellationToken cancellationToken) =>
        WithinAsync(work, options.Value.QuestionSeconds, path, ask, cancellationToken);

    /// <summary>A question whose asker goes on sooner, whatever the configured limit.</summary>
    /// <inheritdoc cref="QuestionAsync{T}(AccountTransaction, string, Func{Task{T}}, CancellationToken)"/>
    public Task<T> QuestionAsync<T>(AccountTransaction work, string path, TimeSpan atMost, Func<Task<T>> ask, CancellationToken cancellationToken) =>
        WithinAsync(work, Math.Min(options.Value.QuestionSeconds, atMost.TotalSeconds), path, ask, cancellationToken);

    /// <summary>Finding contacts to show or to work on.</summary>
    /// <inheritdoc cref="QuestionAsync{T}(AccountTransaction, string, Func{Task{T}}, CancellationToken)"/>
    public Task<T> ChoiceAsync<T>(AccountTransaction work, string path, Func<Task<T>> ask, CancellationToken cancellationToken) =>
        WithinAsync(work, options.Value.ChoiceSeconds, path, ask, cancellationToken);

    private static async Task<T> WithinAsync<T>(
        AccountTransaction work, double seconds, string path, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        var limit = Math.Max(1, (int)(seconds * 1000)).ToString(CultureInfo.InvariantCulture);
        await Sql.Of($"select set_config('statement_timeout', {limit}, true)").ExecuteAsync(work, cancellationToken);
        try
        {
            return await ask();
        }
        catch (PostgresException e) when (string.Equals(e.SqlState, PostgresErrorCodes.QueryCanceled, StringComparison.Ordinal) && !cancellationToken.IsCancellationRequested)
        {
            throw new InvalidInputException(path, "too_slow", string.Create(
                CultureInfo.InvariantCulture,
                $"This takes longer than {seconds:0.###} seconds. Ask for less: fewer texts that are searched for in the middle, shorter windows of time."));
        }
    }
}
