using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Accounts.Contracts;
using Millrace.Accounts.Keys;
using Millrace.Accounts.Live;
using Millrace.Accounts.Sessions;
using Millrace.Accounts.Setup;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;

namespace Millrace.Accounts;

/// <summary>Tenants, users, sessions, API keys, audit. Owns the schema <c>accounts</c>.</summary>
public sealed class AccountsModule : IModule
{
    public static string Name => "accounts";

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BootstrapOptions>().BindConfiguration(BootstrapOptions.Section);
        builder.Services.AddOptions<LiveOptions>().BindConfiguration(LiveOptions.Section);
        builder.Services
            .AddSingleton<IAudit, Audit>()
            .AddSingleton<IAccountSettings, AccountSettingsCache>()
            .AddSingleton<ICredentials, Credentials>()
            .AddSingleton<ApiTokens>().AddSingleton<IApiTokens>(s => s.GetRequiredService<ApiTokens>())
            .AddSingleton<SessionStore>().AddSingleton<SessionCookie>().AddSingleton<Login>()
            .AddSingleton<AccountCreator>().AddSingleton<IUserCreator, UserCreator>().AddSingleton<Bootstrap>()
            .AddSingleton<LiveHub>().AddHostedService(s => s.GetRequiredService<LiveHub>())
            .AddKeyedSingleton<ISurfaceGate, AppGate>("app")
            .AddSingleton(new ConstraintError("saved_view_name_unique", "view_exists", "You have a view of this name already."))
            .AddSingleton(new ConstraintError("app_user_email_unique", "user_exists", "A user with this e-mail address exists already."));
    }
}
