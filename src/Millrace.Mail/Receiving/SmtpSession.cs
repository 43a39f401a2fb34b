using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Millrace.Mail.Mime;
using Millrace.Mail.Smtp;

namespace Millrace.Mail.Receiving;

/// <summary>One connection to a receiver, from banner to end. Replies to pipelined commands leave in one write.</summary>
public sealed class SmtpSession : IDisposable
{
    private const int MaxLine = 2_048;
    private const int MaxErrors = 20;

    private readonly SmtpInput _input = new();
    private readonly MailBuffer _output = new(1024, headroom: 0);
    private readonly MailBuffer _message = new(16 * 1024, headroom: 0);
    private readonly List<string> _recipients = [];
    private readonly Socket _socket;
    private readonly ISmtpHandler _handler;
    private readonly SmtpReceiverOptions _options;
    private readonly TimeProvider _clock;
    private readonly bool _isRefused;
    private readonly CancellationTokenSource _idle = new();
    private Stream _stream;
    private int _errors;

    internal SmtpSession(Socket socket, ISmtpHandler handler, SmtpReceiverOptions options, TimeProvider clock, bool isRefused)
    {
        (_socket, _handler, _options, _clock, _isRefused) = (socket, handler, options, clock, isRefused);
        _stream = new NetworkStream(socket, ownsSocket: true);
        Peer = (IPEndPoint)socket.RemoteEndPoint!;
    }

    public IPEndPoint Peer { get; }

    /// <summary>What the peer called itself; null before EHLO.</summary>
    public string? PeerName { get; private set; }

    public bool IsEncrypted { get; private set; }

    /// <summary>Null outside a transaction.</summary>
    public string? From { get; private set; }

    public IReadOnlyList<string> Recipients => _recipients;

    /// <summary>Messages this session has taken or refused at the final dot.</summary>
    public int Messages { get; private set; }

    /// <summary>For the handler's own use.</summary>
    public object? State { get; set; }

    /// <summary>Commands that came along with the present one and wait their turn.</summary>
    public ReadOnlySpan<byte> Pending => _input.Pending;

    public SmtpAnswer Banner => new SmtpReply(220, _options.HostName + " ESMTP");

    public SmtpAnswer GoAhead { get; } = new SmtpReply(354, "End with a dot");

    public void Dispose()
    {
        _stream.Dispose();
        _input.Dispose();
        _output.Dispose();
        _message.Dispose();
        _idle.Dispose();
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var link = cancellationToken.UnsafeRegister(static idle => ((CancellationTokenSource)idle!).Cancel(), _idle);
        var greeting = _isRefused ? new SmtpReply(421, "4.3.2 Too many connections") : await _handler.OnConnectAsync(this, cancellationToken);
        if (!await SayAsync(greeting, cancellationToken))
        {
            return;
        }

        while (true)
        {
            if (_input.TryReadLine(out var line))
            {
                if (!await SayAsync(await AnswerOrApologiseAsync(line, cancellationToken), cancellationToken))
                {
                    return;
                }

                continue;
            }

            if (_input.Length > MaxLine)
            {
                await SayAsync(new SmtpReply(500, "5.5.6 Line too long"), cancellationToken);
                await FlushAsync(cancellationToken);
                return;
            }

            if (!await FillAsync(cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>A handler that fails costs its message a "try later", not the connection.</summary>
    private async ValueTask<SmtpAnswer> AnswerOrApologiseAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(line, cancellationToken);
        }
        catch (Exception e) when (e is not (IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException))
        {
            Forget();
            return new SmtpReply(451, "4.3.0 Local error, try later");
        }
    }

    private ValueTask<SmtpAnswer> AnswerAsync(string line, CancellationToken cancellationToken)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = (blank < 0 ? line : line[..blank]).ToUpperInvariant();
        var rest = blank < 0 ? "" : line[(blank + 1)..].Trim();
        return verb switch
        {
            "EHLO" => HelloAsync(rest, extended: true, cancellationToken),
            "HELO" => HelloAsync(rest, extended: false, cancellationToken),
            "MAIL" => MailAsync(rest, cancellationToken),
            "RCPT" => RcptAsync(rest, cancellationToken),
            "DATA" => DataAsync(cancellationToken),
            "STARTTLS" => StartTlsAsync(cancellationToken),
            "AUTH" when _options.Login is { } login => LogInAsync(rest, login),
            "RSET" => Reset(),
            "NOOP" => Answer(250, "2.0.0 OK"),
            "QUIT" => ValueTask.FromResult(SmtpAnswer.From(new SmtpReply(221, "2.0.0 Bye")) with { Then = SmtpEnding.Close }),
            _ => Error(500, "5.5.1 Unknown command"),
        };
    }

    private ValueTask<SmtpAnswer> HelloAsync(string name, bool extended, CancellationToken cancellationToken)
    {
        Forget();
        PeerName = name;
        if (!extended)
        {
            return Answer(250, _options.HostName);
        }

        var offer = $"{_options.HostName}\nPIPELINING\n8BITMIME\nSIZE {_options.MaxMessageSize}";
        offer += !IsEncrypted && _options.Tls() is not null ? "\nSTARTTLS\nENHANCEDSTATUSCODES" : "\nENHANCEDSTATUSCODES";
        offer += _options.Login is null ? "" : "\nAUTH PLAIN";
        return _handler.OnEhloAsync(this, new SmtpReply(250, offer), cancellationToken);
    }

    /// <summary>AUTH PLAIN with its answer in the same line, as our client sends it.</summary>
    private ValueTask<SmtpAnswer> LogInAsync(string rest, Func<string, string, bool> login)
    {
        var bytes = new byte[1_000];
        var secret = rest.StartsWith("PLAIN ", StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(rest[6..].Trim(), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split('\0') : [];
        return secret is [_, var user, var password] && login(user, password) ? Answer(235, "2.7.0 Welcome") : Error(535, "5.7.8 User name or password is not taken");
    }

    private async ValueTask<SmtpAnswer> MailAsync(string rest, CancellationToken cancellationToken)
    {
        if (PeerName is null || From is not null || !TryReadPath(rest, "FROM:", out var from, out var parameters))
        {
            return await Error(PeerName is null || From is not null ? 503 : 501, "5.5.1 MAIL FROM:<address> after EHLO, once");
        }

        foreach (var parameter in parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (parameter.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase)
                && (!long.TryParse(parameter.AsSpan(5), CultureInfo.InvariantCulture, out var size) || size > _options.MaxMessageSize))
            {
                return new SmtpReply(552, "5.3.4 Message too big");
            }
        }

        var answer = await _handler.OnMailAsync(this, from, cancellationToken);
        From = answer.Code == 250 ? from : null;
        return answer;
    }

    private async ValueTask<SmtpAnswer> RcptAsync(string rest, CancellationToken cancellationToken)
    {
        if (From is null || !TryReadPath(rest, "TO:", out var to, out _) || to.Length == 0)
        {
            return await Error(From is null ? 503 : 501, "5.5.1 RCPT TO:<address> after MAIL");
        }

        if (_recipients.Count >= _options.MaxRecipients)
        {
            return new SmtpReply(452, "4.5.3 Too many recipients");
        }

        var answer = await _handler.OnRcptAsync(this, to, cancellationToken);
        if (answer.Code == 250)
        {
            _recipients.Add(to);
        }

        return answer;
    }

    private async ValueTask<SmtpAnswer> DataAsync(CancellationToken cancellationToken)
    {
        if (_recipients.Count == 0)
        {
            return await Error(From is null ? 503 : 554, "5.5.1 No valid recipients");
        }

        var answer = await _handler.OnDataAsync(this, cancellationToken);
        if (answer.Code != 354)
        {
            return answer;
        }

        if (!await SayAsync(answer, cancellationToken) || await ReadMessageAsync(cancellationToken) is not { } reply)
        {
            return SmtpAnswer.Drop;
        }

        Messages++;
        Forget();
        return reply;
    }

    /// <returns>The answer to the final dot; null when the connection is to be cut.</returns>
    private async ValueTask<SmtpAnswer?> ReadMessageAsync(CancellationToken cancellationToken)
    {
        _message.Clear();
        var (searched, tooBig) = (0, false);
        while (true)
        {
            // The line end before the dot may be the one that ended DATA, so an empty message is a dot at the very start.
            var pending = _input.Pending;
            if (!tooBig && pending.StartsWith(".\r\n"u8))
            {
                _input.Consume(3);
                return await TakeAsync(0, tooBig, cancellationToken);
            }

            var from = Math.Max(0, searched - 4);
            var dot = pending[from..].IndexOf("\r\n.\r\n"u8);
            if (dot >= 0)
            {
                return await TakeAsync(from + dot + 2, tooBig, cancellationToken);
            }

            searched = pending.Length;
            if (searched > _options.MaxMessageSize + 4_096)
            {
                // Too much to keep: read on for the end, remember only the last bytes.
                tooBig = true;
                _input.Consume(searched - 4);
                searched = 4;
            }

            if (!await FillAsync(cancellationToken) || !await _handler.OnBodyAsync(this, cancellationToken))
            {
                return null;
            }
        }
    }

    private async ValueTask<SmtpAnswer> TakeAsync(int length, bool tooBig, CancellationToken cancellationToken)
    {
        DotStuffing.Unstuff(_input.Pending[..length], _message);
        _input.Consume(length == 0 ? 0 : length + 3);
        return tooBig || _message.Length > _options.MaxMessageSize
            ? new SmtpReply(552, "5.3.4 Message too big")
            : await _handler.OnMessageAsync(this, _message.Memory, cancellationToken);
    }

    private async ValueTask<SmtpAnswer> StartTlsAsync(CancellationToken cancellationToken)
    {
        if (IsEncrypted || _options.Tls() is not { } options)
        {
            return await Error(IsEncrypted ? 503 : 502, "5.5.1 Not now");
        }

        var answer = await _handler.OnStartTlsAsync(this, cancellationToken);
        if (answer.Code != 220)
        {
            return answer;
        }

        // Whatever came along in clear text may be somebody else's, put in on the way: it is not a word of the encrypted session (CVE-2011-0411).
        _input.Consume(_input.Length);
        if (!await SayAsync(answer, cancellationToken))
        {
            return answer;
        }

        await FlushAsync(cancellationToken);
        var tls = new SslStream(_stream);
        _stream = tls;
        _idle.CancelAfter(_options.IdleTimeout);
        await tls.AuthenticateAsServerAsync(options, _idle.Token);
        (IsEncrypted, PeerName) = (true, null);
        Forget();
        return new SmtpAnswer { Code = 220 };
    }

    private ValueTask<SmtpAnswer> Reset()
    {
        Forget();
        return Answer(250, "2.0.0 OK");
    }

    private void Forget()
    {
        From = null;
        _recipients.Clear();
    }

    private ValueTask<SmtpAnswer> Error(int code, string text) =>
        ++_errors > MaxErrors ? Answer(421, "4.7.0 Too many errors") : Answer(code, text);

    private static ValueTask<SmtpAnswer> Answer(int code, string text) => ValueTask.FromResult<SmtpAnswer>(new SmtpReply(code, text));

    private static bool TryReadPath(string rest, string keyword, out string path, out string parameters)
    {
        (path, parameters) = ("", "");
        if (!rest.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        rest = rest[keyword.Length..].TrimStart();
        var end = rest.IndexOf('>', StringComparison.Ordinal);
        if (!rest.StartsWith('<') || end < 0 || end > 400)
        {
            return false;
        }

        (path, parameters) = (rest[1..end], rest[(end + 1)..]);
        return !path.Any(char.IsControl);
    }

    /// <returns>False when the session is over.</returns>
    private async ValueTask<bool> SayAsync(SmtpAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Delay > TimeSpan.Zero)
        {
            await FlushAsync(cancellationToken);
            await Task.Delay(answer.Delay, _clock, cancellationToken);
        }

        if (answer.PieceSize > 0)
        {
            await SayInPiecesAsync(answer, cancellationToken);
        }
        else
        {
            _output.Write(answer.Bytes.Span);
        }

        if (answer.Then == SmtpEnding.GoOn && (answer.Code != 421 || answer.Bytes.IsEmpty))
        {
            return true;
        }

        await FlushAsync(cancellationToken);
        if (answer.Then == SmtpEnding.Abort)
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        return false;
    }

    private async ValueTask SayInPiecesAsync(SmtpAnswer answer, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        for (var at = 0; at < answer.Bytes.Length; at += answer.PieceSize)
        {
            await _stream.WriteAsync(answer.Bytes.Slice(at, Math.Min(answer.PieceSize, answer.Bytes.Length - at)), cancellationToken);
            if (answer.PieceDelay > TimeSpan.Zero)
            {
                await Task.Delay(answer.PieceDelay, _clock, cancellationToken);
            }
        }
    }

    /// <summary>Says what is to be said, then waits for more; so replies to a pipelined group travel together.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        _idle.CancelAfter(_options.IdleTimeout);
        return await _input.FillAsync(_stream, _idle.Token);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_output.Length > 0)
        {
            await _stream.WriteAsync(_output.Memory, cancellationToken);
            _output.Clear();
        }
    }
}
