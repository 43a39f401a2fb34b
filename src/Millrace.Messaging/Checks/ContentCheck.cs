using AngleSharp.Html.Dom;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Design;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;

namespace Millrace.Messaging.Checks;

/// <summary>Marks a <see cref="ContentCheck"/>; found by the scan.</summary>
internal sealed class ContentCheckAttribute(string key) : CatalogueEntryAttribute(key)
{
    /// <summary>The lower is shown first.</summary>
    public int Order { get; init; } = 100;

    /// <summary>It asks something outside of this server.</summary>
    public bool IsSlow { get; init; }
}

/// <summary>
/// One thing that is looked at in a mail before it is sent: in the editor while it is written, and again by what sends it. No transaction is open while it
/// runs. Advisory: what cannot be sent at all is refused elsewhere. Adding a check is adding a class.
/// </summary>
internal abstract class ContentCheck : CatalogueEntry
{
    public int Order => ((ContentCheckAttribute)Mark).Order;

    public bool IsSlow => ((ContentCheckAttribute)Mark).IsSlow;

    /// <returns>What was found; empty: all is well.</returns>
    public abstract Task<IReadOnlyList<ContentFinding>> RunAsync(ContentUnderCheck content, CancellationToken cancellationToken);

    protected static Task<IReadOnlyList<ContentFinding>> Found(IEnumerable<ContentFinding> findings) =>
        Task.FromResult<IReadOnlyList<ContentFinding>>([.. findings.Take(50)]);
}

internal enum ContentSeverity
{
    /// <summary>It had better not be sent like this.</summary>
    Error,

    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}

/// <param name="Code">Shaped <c>missing_alt</c>.</param>
/// <param name="Path">Where: JSON pointer to the block (<c>/sections/0/columns/0/blocks/1</c>), <c>/subject</c>, <c>/html</c>; empty: the whole.</param>
/// <param name="Message">A sentence for people, and what to do.</param>
/// <param name="Detail">What exactly, for example the link; null: nothing more to say.</param>
internal sealed record ContentFinding(string Code, ContentSeverity Severity, string Path, string Message, string? Detail = null);

/// <summary>One block as it stands in the mail with its surroundings; the whole body of a mail without a design.</summary>
/// <param name="Html">Tags still inside.</param>
internal sealed record ContentPiece(string Path, string Html, IHtmlDocument Document);

/// <summary>All that checks look at.</summary>
internal sealed class ContentUnderCheck : IDisposable
{
    public required long AccountId { get; init; }

    public required MessageContent Content { get; init; }

    public required TagCatalogue Tags { get; init; }

    /// <summary>What it compiles to; null: it cannot be sent, and <see cref="Problems"/> say why.</summary>
    public required FrozenContent? Frozen { get; init; }

    public required IReadOnlyList<FieldError> Problems { get; init; }

    /// <summary>Null with <see cref="Frozen"/>.</summary>
    public required CompiledMessage? Message { get; init; }

    public required IReadOnlyList<ContentPiece> Pieces { get; init; }

    public required IReadOnlyList<DesignWarning> DesignWarnings { get; init; }

    /// <summary>Contacts of the account, at most a hundred, with what the mail says to each.</summary>
    public required IReadOnlyList<(long ContactId, RenderContext Context)> Contexts { get; init; }

    /// <summary>What the mail says to a reader of whom nothing is known.</summary>
    public required RenderContext Nobody { get; init; }

    public void Dispose()
    {
        foreach (var piece in Pieces)
        {
            piece.Document.Dispose();
        }
    }
}
