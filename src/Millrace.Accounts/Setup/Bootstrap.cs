using Microsoft.Extensions.Options;
using Millrace.Kernel.Errors;

namespace Millrace.Accounts.Setup;

/// <summary>Makes the first account from the configuration, once, when the server is still empty.</summary>
public sealed class Bootstrap(AccountCreator creator, IOptions<BootstrapOptions> options)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (email, password, key) = (options.Value.Email, options.Value.Password, options.Value.ApiKey);
        if (email is null || password is null || await creator.AnyAccountAsync(cancellationToken))
        {
            return;
        }

        if (key is { Length: < 20 })
        {
            throw new StartupException("Millrace:Bootstrap:ApiKey needs at least 20 characters.");
        }

        try
        {
            await creator.CreateAsync(
                new AccountCreator.NewAccount("My company", "Admin", email, password, "UTC", "My company", "Set your postal address in the settings", key),
                onlyFirst: true,
                cancellationToken);
        }
        catch (InvalidInputException e)
        {
            throw new StartupException($"Millrace:Bootstrap: {e.Errors[0].Path.TrimStart('/')}: {e.Errors[0].Message}", e);
        }
        catch (ConflictException)
        {
            // Another node was first.
        }
    }
}
