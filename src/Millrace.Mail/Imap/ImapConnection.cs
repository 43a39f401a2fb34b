using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Imap;

/// <summary>A folder of a mailbox.</summary>
/// <param name="Name">As the server writes it (modified UTF-7), for giving it back.</param>
/// <param name="Marks">Such as <c>\Sent</c>, <c>\Noselect</c>.</param>
public sealed record ImapFolder(string Name, IReadOnlyList<string> Marks)
{
    public bool Is(string mark) => Marks.Contains(mark, StringComparer.OrdinalIgnoreCase);
}

/// <summary>State of an opened folder.</summary>
/// <param name="UidValidity">When it changes, all numbers known before are worth nothing.</param>
/// <param name="UidNext">What the next mail's number will be at least.</param>
public sealed record ImapStatus(uint UidValidity, uint UidNext, uint Exists);

/// <summary>What was asked for of one mail.</summary>
/// <param name="Size">Of the whole mail in bytes.</param>
/// <param name="Content">Header fields, or the (beginning of the) mail.</param>
public sealed record ImapMail(uint Uid, uint Size, byte[] Content);

/// <summary>
/// One connection to a mailbox, for one command at a time: IMAP4rev1 (RFC 3501) as far as a program needs it that files sent mail and reads answers.
/// Everything the server says is outside text within limits.
/// </summary>
public sealed class ImapConnection : IAsyncDisposable
{
    private readonly ImapWire _wire;
    private readonly ImapClientOptions _options;
    private HashSet<string> _capabilities = new(StringComparer.OrdinalIgnoreCase);
    private int _tag;
    private bool _open = true;

    private ImapConnection(ImapWire wire, ImapClientOptions options) => (_wire, _options) = (wire, options);

    /// <summary>Connects, starts TLS as the endpoint asks, and logs in.</summary>
    /// <exception cref="ImapException">With what went wrong.</exception>
    public static async Task<ImapConnection> OpenAsync(ImapEndpoint endpoint, ImapClientOptions options, CancellationToken cancellationToken)
    {
        var wire = await TimedAsync(options.ConnectTimeout, token => ConnectAsync(endpoint, options, token), cancellationToken);
        var connection = new ImapConnection(wire, options);
        try
        {
            await connection.GreetAsync(endpoint, cancellationToken);
            return connection;
        }
        catch
        {
            connection._open = false;
            await wire.DisposeAsync();
            throw;
        }
    }

    /// <summary>All folders, at most 5,000.</summary>
    public async Task<IReadOnlyList<ImapFolder>> ListAsync(CancellationToken cancellationToken)
    {
        var folders = new List<ImapFolder>();
        await CommandAsync("LIST \"\" \"*\"", line =>
        {
            if (Values(line) is [var star, var word, { Items: { } marks }, _, { Items: null } name] && star.Is("*") && word.Is("LIST") && folders.Count < 5_000)
            {
                folders.Add(new(name.Text, [.. marks.Select(m => m.Text)]));
            }
        }, cancellationToken);
        return folders;
    }

    /// <summary>Opens a folder for reading only: nothing is marked as seen.</summary>
    public async Task<ImapStatus> ExamineAsync(string folder, CancellationToken cancellationToken)
    {
        uint validity = 0, next = 0, exists = 0;
        await CommandAsync($"EXAMINE {Quote(folder)}", line =>
        {
            var text = line.Text;
            validity = Code(text, "UIDVALIDITY") ?? validity;
            next = Code(text, "UIDNEXT") ?? next;
            if (Values(line) is [_, { Number: { } number }, var word] && word.Is("EXISTS"))
            {
                exists = number;
            }
        }, cancellationToken);
        return validity > 0 ? new(validity, next, exists) : throw new ImapException(ImapFault.Protocol, "The mail server does not say the folder's UIDVALIDITY.");
    }

    /// <summary>Numbers of mails, in order, at most 50,000.</summary>
    /// <param name="criteria">As RFC 3501 has them; only our own text and what went through <see cref="Quote"/>.</param>
    public async Task<IReadOnlyList<uint>> SearchAsync(string criteria, CancellationToken cancellationToken)
    {
        var found = new List<uint>();
        await CommandAsync($"UID SEARCH {criteria}", line =>
        {
            if (Values(line) is [var star, var word, .. var numbers] && star.Is("*") && word.Is("SEARCH"))
            {
                found.AddRange(numbers.Select(n => n.Number).OfType<uint>().Take(50_000 - Math.Min(found.Count, 50_000)));
            }
        }, cancellationToken);
        found.Sort();
        return found;
    }

    /// <summary>Numbers of the mails that bear this Message-ID.</summary>
    public Task<IReadOnlyList<uint>> SearchMessageIdAsync(string messageId, CancellationToken cancellationToken) =>
        SearchAsync($"HEADER Message-ID {Quote(messageId)}", cancellationToken);

    /// <summary>Header fields of some mails; of those that are gone meanwhile nothing.</summary>
    /// <param name="fields">Names divided by blanks.</param>
    public Task<IReadOnlyList<ImapMail>> FetchHeadersAsync(IReadOnlyList<uint> uids, string fields, CancellationToken cancellationToken) =>
        FetchAsync(uids, $"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({fields})])", cancellationToken);

    /// <summary>The first bytes of a mail; null when it is gone.</summary>
    public async Task<ImapMail?> FetchAsync(uint uid, int bytes, CancellationToken cancellationToken)
    {
        var limit = Math.Min(bytes, _options.MaxLiteral).ToString(CultureInfo.InvariantCulture);
        return (await FetchAsync([uid], $"(UID RFC822.SIZE BODY.PEEK[]<0.{limit}>)", cancellationToken)).FirstOrDefault(m => m.Uid == uid);
    }

    /// <summary>Puts a mail into a folder, as read.</summary>
    public async Task AppendAsync(string folder, ReadOnlyMemory<byte> mail, DateTimeOffset date, CancellationToken cancellationToken)
    {
        var at = date.ToUniversalTime().ToString("dd-MMM-yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        await TimedAsync(_options.CommandTimeout, async token =>
        {
            var tag = await SendAsync(FormattableString.Invariant($"APPEND {Quote(folder)} (\\Seen) \"{at}\" {{{mail.Length}}}"), token);
            await ContinueAsync(tag, token);
            await _wire.WriteAsync(mail, token);
            await _wire.WriteAsync("\r\n"u8.ToArray(), token);
            await FinishAsync(tag, null, token);
            return 0;
        }, cancellationToken);
    }

    public Task CreateAsync(string folder, CancellationToken cancellationToken) => CommandAsync($"CREATE {Quote(folder)}", null, cancellationToken);

    /// <summary>A text that may stand in a command: quoted, ASCII, nothing that could end the line.</summary>
    /// <exception cref="ImapException">It cannot be written.</exception>
    public static string Quote(string text) => text.Length <= 1_000 && text.All(c => c is >= ' ' and <= '~')
        ? "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
        : throw new ImapException(ImapFault.Refused, "A name for the mail server holds characters that cannot be sent.");

    /// <summary>Says LOGOUT when the connection is sound, without waiting for the answer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_open)
        {
            _open = false;
            try
            {
                using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                await _wire.WriteAsync("Z LOGOUT\r\n"u8.ToArray(), timer.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Good-bye is a courtesy.
            }
        }

        await _wire.DisposeAsync();
    }

    private static async Task<ImapWire> ConnectAsync(ImapEndpoint endpoint, ImapClientOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (options.Connect is { } connect)
            {
                return new ImapWire(await connect(endpoint.Host, endpoint.Port, cancellationToken), options);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
                return new ImapWire(socket, options);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is SocketException or IOException and not ImapException)
        {
            throw new ImapException(ImapFault.Connection, $"The mail server could not be reached: {e.Message}", e);
        }
    }

    private async Task GreetAsync(ImapEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.Tls == SmtpTls.Implicit)
        {
            await TlsAsync(endpoint, cancellationToken);
        }

        _wire.Begin();
        var greeting = await TimedAsync(_options.CommandTimeout, _wire.ReadAsync, cancellationToken);
        var isIn = greeting.Text.StartsWith("* PREAUTH", StringComparison.OrdinalIgnoreCase);
        if (!isIn && !greeting.Text.StartsWith("* OK", StringComparison.OrdinalIgnoreCase))
        {
            throw greeting.Text.StartsWith("* BYE", StringComparison.OrdinalIgnoreCase)
                ? new ImapException(ImapFault.Connection, $"The mail server hangs up: {Shown(greeting.Text[5..])}")
                : new ImapException(ImapFault.Protocol, "This is no IMAP server.");
        }

        await CapabilitiesAsync(cancellationToken);
        if (endpoint.Tls == SmtpTls.StartTls)
        {
            // Who is let in before TLS could be talked to by someone on the way.
            if (isIn || !_capabilities.Contains("STARTTLS"))
            {
                throw new ImapException(ImapFault.Tls, "The mail server does not offer STARTTLS.");
            }

            await CommandAsync("STARTTLS", null, cancellationToken);
            if (_wire.HasUnreadInput)
            {
                throw new ImapException(ImapFault.Tls, "Plain text followed the answer to STARTTLS: someone on the way may have put it there.");
            }

            await TlsAsync(endpoint, cancellationToken);
            await CapabilitiesAsync(cancellationToken);
        }

        if (!isIn)
        {
            await LogInAsync(endpoint, cancellationToken);
        }
    }

    private Task<int> TlsAsync(ImapEndpoint endpoint, CancellationToken cancellationToken) => TimedAsync(_options.ConnectTimeout, async token =>
    {
        await _wire.StartTlsAsync(endpoint.Host, token);
        return 0;
    }, cancellationToken);

    private async Task CapabilitiesAsync(CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await CommandAsync("CAPABILITY", line =>
        {
            if (Values(line) is [var star, var word, .. var words] && star.Is("*") && word.Is("CAPABILITY"))
            {
                found.UnionWith(words.Take(200).Select(w => w.Text));
            }
        }, cancellationToken);
        _capabilities = found;
    }

    private async Task LogInAsync(ImapEndpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            if (_capabilities.Contains("AUTH=PLAIN"))
            {
                await TimedAsync(_options.CommandTimeout, async token =>
                {
                    var tag = await SendAsync("AUTHENTICATE PLAIN", token);
                    await ContinueAsync(tag, token);
                    var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{endpoint.User}\0{endpoint.Password}"));
                    await _wire.WriteAsync(Encoding.ASCII.GetBytes(secret + "\r\n"), token);
                    await FinishAsync(tag, null, token);
                    return 0;
                }, cancellationToken);
            }
            else if (_capabilities.Contains("LOGINDISABLED"))
            {
                throw new ImapException(ImapFault.Tls, "The mail server takes no password without TLS.");
            }
            else
            {
                await CommandAsync($"LOGIN {Quote(endpoint.User)} {Quote(endpoint.Password)}", null, cancellationToken);
            }
        }
        catch (ImapException e) when (e.Fault == ImapFault.Refused)
        {
            throw new ImapException(ImapFault.Login, e.Message, e);
        }
    }

    private async Task<IReadOnlyList<ImapMail>> FetchAsync(IReadOnlyList<uint> uids, string what, CancellationToken cancellationToken)
    {
        var mails = new List<ImapMail>();
        if (uids.Count == 0)
        {
            return mails;
        }

        var set = string.Join(',', uids.Select(u => u.ToString(CultureInfo.InvariantCulture)));
        var asked = uids.ToHashSet();
        await CommandAsync($"UID FETCH {set} {what}", line =>
        {
            if (Values(line) is not [var star, { Number: not null }, var word, { Items: { } items }] || !star.Is("*") || !word.Is("FETCH"))
            {
                return;
            }

            uint? uid = null, size = null;
            byte[]? content = null;
            for (var i = 0; i + 1 < items.Count; i += 2)
            {
                var (name, value) = (items[i].Text, items[i + 1]);
                (uid, size) = name.ToUpperInvariant() switch
                {
                    "UID" => (value.Number, size),
                    "RFC822.SIZE" => (uid, value.Number),
                    _ => (uid, size),
                };
                content = name.StartsWith("BODY[", StringComparison.OrdinalIgnoreCase) ? value.Bytes : content;
            }

            // What was not asked for may come as well (flags that changed elsewhere); it is passed over.
            if (uid is { } known && content is not null && asked.Remove(known))
            {
                mails.Add(new(known, size ?? 0, content));
            }
        }, cancellationToken);
        return mails;
    }

    private Task<int> CommandAsync(string command, Action<ImapLine>? untagged, CancellationToken cancellationToken) => TimedAsync(_options.CommandTimeout, async token =>
    {
        await FinishAsync(await SendAsync(command, token), untagged, token);
        return 0;
    }, cancellationToken);

    private async Task<string> SendAsync(string command, CancellationToken cancellationToken)
    {
        var tag = FormattableString.Invariant($"A{++_tag}");
        _wire.Begin();
        await _wire.WriteAsync(Encoding.ASCII.GetBytes($"{tag} {command}\r\n"), cancellationToken);
        return tag;
    }

    /// <summary>Waits for the server's "go on".</summary>
    private async Task ContinueAsync(string tag, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await _wire.ReadAsync(cancellationToken);
            if (line.Bytes is [(byte)'+', ..])
            {
                return;
            }

            if (IsDone(line, tag))
            {
                throw new ImapException(ImapFault.Protocol, "The mail server's answer does not fit the command.");
            }
        }
    }

    private async Task FinishAsync(string tag, Action<ImapLine>? untagged, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await _wire.ReadAsync(cancellationToken);
            if (IsDone(line, tag))
            {
                return;
            }

            if (line.Bytes is not [(byte)'*', ..])
            {
                throw new ImapException(ImapFault.Protocol, "The mail server's answer does not fit the command.");
            }

            if (line.Text.StartsWith("* BYE", StringComparison.OrdinalIgnoreCase))
            {
                throw new ImapException(ImapFault.Connection, $"The mail server hangs up: {Shown(line.Text[5..])}");
            }

            untagged?.Invoke(line);
        }
    }

    /// <exception cref="ImapException">Done, and refused.</exception>
    private static bool IsDone(ImapLine line, string tag)
    {
        var text = line.Text;
        if (!text.StartsWith(tag + " ", StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text[(tag.Length + 1)..];
        return rest.StartsWith("OK", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw new ImapException(ImapFault.Refused, Shown(rest.StartsWith("NO ", StringComparison.OrdinalIgnoreCase) ? rest[3..] : rest));
    }

    /// <summary>Values of an untagged answer; those that hold free text only (<c>* OK ...</c>) have none that anybody wants.</summary>
    private List<ImapValue> Values(ImapLine line) =>
        line.Bytes is [(byte)'*', (byte)' ', (byte)'O' or (byte)'o' or (byte)'N' or (byte)'n' or (byte)'B' or (byte)'b', ..] ? []
        : new ImapParser(line.Bytes, line.Literals, _options.MaxDepth).All();

    private static uint? Code(string text, string name)
    {
        var at = text.IndexOf($"[{name} ", StringComparison.OrdinalIgnoreCase);
        var end = at < 0 ? -1 : text.IndexOf(']', at);
        return end > 0 && uint.TryParse(text.AsSpan(at + name.Length + 2, end - at - name.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }

    private static string Shown(string text)
    {
        var clean = new string([.. text.Trim().Select(c => char.IsControl(c) ? ' ' : c)]);
        return clean.Length > 300 ? clean[..300] : clean;
    }

    private static async Task<T> TimedAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(timeout);
        try
        {
            return await operation(timer.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ImapException(ImapFault.Connection, FormattableString.Invariant($"No answer from the mail server within {timeout.TotalSeconds:0} s."), e);
        }
    }
}
