using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Millrace.Mail.Imap;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Tests.Checks;

namespace Millrace.Messaging.Tests.Personal;

/// <summary>Dovecot itself as an ordinary process with a folder of its own; Debian's package <c>dovecot-imapd</c>, which <c>bin/test</c> installs. Every user has the same password.</summary>
public sealed class Dovecot : IDisposable
{
    /// <summary>Dovecot's static passwords hold no blanks.</summary>
    public const string Secret = "sec-ret_1";

    private readonly Process _process;
    private readonly string _folder;

    private Dovecot(Process process, int port, string folder) => (_process, Port, _folder) = (process, port, folder);

    public int Port { get; }

    /// <summary>Starts it without waiting: the product starts meanwhile.</summary>
    public static Dovecot Start()
    {
        var (port, folder) = (PersonalProduct.FreePort(), Directory.CreateTempSubdirectory("mr-imap-").FullName);
        foreach (var name in new[] { "run", "state", "mail" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        // As root it gives each mailbox to "nobody", for it serves none as root; as anybody else everything is his.
        var isRoot = Environment.IsPrivilegedProcess;
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(folder, mode);
        File.SetUnixFileMode(Path.Combine(folder, "mail"), mode | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        var me = Environment.UserName;
        var owner = isRoot ? "uid=65534 gid=65534 " : "";
        var users = isRoot ? "" : $"default_internal_user = {me}\ndefault_login_user = {me}\nservice anvil {{\n  chroot =\n}}\n";
        var chroot = isRoot ? "" : "  chroot =\n";
        File.WriteAllText(Path.Combine(folder, "dovecot.conf"), FormattableString.Invariant($$"""
            protocols = imap
            listen = 127.0.0.1
            base_dir = {{folder}}/run
            state_dir = {{folder}}/state
            log_path = {{folder}}/log
            instance_name = millrace-test
            ssl = no
            disable_plaintext_auth = no
            first_valid_uid = 1
            mail_location = maildir:~/Maildir
            # Wrong passwords of one test slow down nobody: all come from one address.
            auth_failure_delay = 0
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            {{users}}
            passdb {
              driver = static
              args = password={{Secret}}
            }
            userdb {
              driver = static
              args = {{owner}}home={{folder}}/mail/%u
            }
            service imap-login {
            {{chroot}}  inet_listener imap {
                port = {{port}}
              }
              inet_listener imaps {
                port = 0
              }
            }
            namespace inbox {
              inbox = yes
              mailbox "Sent Things" {
                auto = create
                special_use = \Sent
              }
            }
            """));
        var start = new ProcessStartInfo("/usr/sbin/dovecot") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "-F", "-c", Path.Combine(folder, "dovecot.conf") })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, port, folder);
    }

    /// <summary>Returns when it takes connections.</summary>
    public Task ReadyAsync() => TestKit.Product.EventuallyAsync(
        async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"dovecot ended with {_process.ExitCode}: {Log()}");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "dovecot listens",
        60);

    public Task<ImapConnection> OpenAsync(string user) =>
        ImapConnection.OpenAsync(new ImapEndpoint("127.0.0.1", Port, SmtpTls.None, user, Secret), new ImapClientOptions(), TestContext.Current.CancellationToken);

    /// <summary>Puts a mail into somebody's INBOX.</summary>
    public async Task DeliverAsync(string user, string mail)
    {
        await using var connection = await OpenAsync(user);
        await connection.AppendAsync(
            "INBOX", Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n")), new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);
    }

    /// <summary>All numbers of a mailbox become worth nothing, as after a move to another server.</summary>
    public void Renumber(string user)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "mail", user, "Maildir"), "dovecot*").ToList())
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit(5_000);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Log() => File.Exists(Path.Combine(_folder, "log")) ? File.ReadAllText(Path.Combine(_folder, "log")) : "";
}
