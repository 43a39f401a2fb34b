using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Millrace.Mail.Smtp;

/// <summary>From the TCP connect to a connection ready for mail.</summary>
internal sealed class SmtpGreeting(SmtpEndpoint endpoint, SmtpClientOptions options, TimeProvider clock)
{
    private readonly string _name = SmtpEnvelope.Checked(options.EhloName);
    private readonly SmtpTranscript? _transcript = options.KeepsDialogue ? new SmtpTranscript() : null;
    private SmtpStage _stage = SmtpStage.Connect;
    private SmtpWire? _wire;

    public async Task<SmtpOpening> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (capabilities, failure) = await GreetAsync(cancellationToken);
            if (failure is not null)
            {
                await CloseAsync();
                return new SmtpOpening(null, failure with { Dialogue = _transcript?.ToString() });
            }

            return new SmtpOpening(new SmtpConnection(_wire!, capabilities!, options, clock), null);
        }
        catch (Exception e)
        {
            await CloseAsync();
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            _transcript?.Note(e.Message);
            return new SmtpOpening(null, new SmtpSendResult(_stage, null, HandedOff: false, e) { Dialogue = _transcript?.ToString() });
        }
    }

    private async Task<(SmtpCapabilities?, SmtpSendResult?)> GreetAsync(CancellationToken cancellationToken)
    {
        _wire = await ConnectAsync(cancellationToken);
        if (endpoint.Tls == SmtpTls.Implicit)
        {
            await StartTlsAsync(_wire, cancellationToken);
        }

        _stage = SmtpStage.Banner;
        var banner = await _wire.ReadReplyAsync(options.CommandTimeout, cancellationToken);
        if (banner.Code != 220)
        {
            return (null, Refused(banner));
        }

        var (capabilities, failure) = await HelloAsync(_wire, cancellationToken);
        if (capabilities is not null && endpoint.Tls == SmtpTls.StartTls)
        {
            if (await UpgradeAsync(_wire, capabilities, cancellationToken) is { } refused)
            {
                return (null, refused);
            }

            // What was offered in clear text counts for nothing.
            (capabilities, failure) = await HelloAsync(_wire, cancellationToken);
        }

        if (capabilities is not null && endpoint.User is not null)
        {
            failure = await LogInAsync(_wire, capabilities, cancellationToken);
        }

        return (capabilities, failure);
    }

    private async Task<SmtpWire> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(options.ConnectTimeout);
        try
        {
            _transcript?.Note($"connect {endpoint.Host}:{endpoint.Port}");
            if (options.Connect is { } connect)
            {
                socket.Dispose();
                return new SmtpWire(await connect(endpoint.Host, endpoint.Port, timer.Token), _transcript);
            }

            await socket.ConnectAsync(endpoint.Host, endpoint.Port, timer.Token);
            return new SmtpWire(socket, _transcript);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException("The server could not be reached in time.", e);
            }

            throw;
        }
    }

    private async Task<(SmtpCapabilities?, SmtpSendResult?)> HelloAsync(SmtpWire wire, CancellationToken cancellationToken)
    {
        _stage = SmtpStage.Ehlo;
        var reply = await AskAsync(wire, $"EHLO {_name}\r\n", cancellationToken);
        if (reply.Code is 500 or 502)
        {
            var old = await AskAsync(wire, $"HELO {_name}\r\n", cancellationToken);
            return old.Code == 250 ? (new SmtpCapabilities(), null) : (null, Refused(old));
        }

        return reply.Code == 250 ? (SmtpCapabilities.Read(reply), null) : (null, Refused(reply));
    }

    private async Task<SmtpSendResult?> UpgradeAsync(SmtpWire wire, SmtpCapabilities capabilities, CancellationToken cancellationToken)
    {
        _stage = SmtpStage.Tls;
        if (!capabilities.StartTls)
        {
            throw new AuthenticationException("TLS is required and the server does not offer STARTTLS.");
        }

        var reply = await AskAsync(wire, "STARTTLS\r\n", cancellationToken);
        if (reply.Code != 220)
        {
            return Refused(reply);
        }

        if (wire.HasUnreadInput)
        {
            throw new SmtpProtocolException("Plain text followed the reply to STARTTLS: someone on the way may have put it there.");
        }

        await StartTlsAsync(wire, cancellationToken);
        return null;
    }

    private Task StartTlsAsync(SmtpWire wire, CancellationToken cancellationToken)
    {
        _stage = SmtpStage.Tls;
        _transcript?.Note("TLS");
        return wire.StartTlsAsync(endpoint.Host, options.CertificateCheck, options.ConnectTimeout, cancellationToken);
    }

    private async Task<SmtpSendResult?> LogInAsync(SmtpWire wire, SmtpCapabilities capabilities, CancellationToken cancellationToken)
    {
        _stage = SmtpStage.Auth;
        var (user, password) = (endpoint.User!, endpoint.Password ?? "");
        SmtpReply reply;
        if (capabilities.AuthPlain)
        {
            reply = await AskAsync(wire, $"AUTH PLAIN {Encode($"\0{user}\0{password}")}\r\n", cancellationToken, "AUTH PLAIN ***");
        }
        else if (capabilities.AuthLogin)
        {
            reply = await AskAsync(wire, "AUTH LOGIN\r\n", cancellationToken);
            reply = reply.Code == 334 ? await AskAsync(wire, Encode(user) + "\r\n", cancellationToken, "***") : reply;
            reply = reply.Code == 334 ? await AskAsync(wire, Encode(password) + "\r\n", cancellationToken, "***") : reply;
        }
        else
        {
            throw new AuthenticationException("The server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }

        return reply.Code == 235 ? null : Refused(reply);
    }

    private async Task<SmtpReply> AskAsync(SmtpWire wire, string command, CancellationToken cancellationToken, string? shown = null)
    {
        await wire.WriteAsync(command, options.CommandTimeout, cancellationToken, shown);
        return await wire.ReadReplyAsync(options.CommandTimeout, cancellationToken);
    }

    private SmtpSendResult Refused(SmtpReply reply) => reply.Code >= 400
        ? new SmtpSendResult(_stage, reply, HandedOff: false)
        : new SmtpSendResult(_stage, reply, HandedOff: false, new SmtpProtocolException("The server's reply does not fit the command."));

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private ValueTask CloseAsync() => _wire?.DisposeAsync() ?? ValueTask.CompletedTask;
}
