using System.Globalization;
using Millrace.Kernel.Errors;

namespace Millrace.Messaging.Messages;

/// <summary>The header by which an editor says what it has changed, so that nobody's work is written over unseen.</summary>
internal static class IfMatch
{
    /// <returns>Null: it says nothing, and the last one wins.</returns>
    /// <exception cref="InvalidInputException">It holds something else than a revision.</exception>
    public static int? Revision(string? header) => string.IsNullOrEmpty(header) ? null
        : int.TryParse(header.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InvalidInputException("If-Match", "wrong_type", "If-Match holds the revision that was changed.");
}
