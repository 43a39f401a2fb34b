using System.Text.Json;

namespace Millrace.Messaging.Contracts;

/// <summary>Everything that makes a mail, as its author wrote it: templates, not yet merged.</summary>
/// <param name="FromAddress">Empty: the account's sender.</param>
/// <param name="ReplyTo">Empty: none.</param>
/// <param name="Design">Block document; when given, the HTML is made from it.</param>
/// <param name="Text">Empty: made from the HTML.</param>
/// <param name="TrackReplies">Answers come to this server first, are logged, and go on to <paramref name="ReplyTo"/> or the sender.</param>
public sealed record MessageContent(
    MessageKind Kind, string Subject, string Preheader, string FromName, string FromAddress, string ReplyTo,
    string Html, JsonElement? Design, string Text, bool TrackOpens = true, bool TrackClicks = true,
    bool TrackReplies = false);

public enum MessageKind
{
    /// <summary>Carries an unsubscribe link and the sender's postal address; suppressed contacts do not get it.</summary>
    Marketing,

    /// <summary>Expected by its one recipient.</summary>
    Transactional,
}
