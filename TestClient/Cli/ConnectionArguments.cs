using System.CommandLine;
using System.CommandLine.Parsing;
using AspireGateway.TestClient.OAuth;

namespace AspireGateway.TestClient.Cli;

/// <summary>The URL and the options that every command that connects has.</summary>
internal sealed class ConnectionArguments
{
    /// <summary>Environment variable of the password for <c>--user</c>.</summary>
    public const string PasswordVariable = "TESTCLIENT_PASSWORD";

    /// <summary>Environment variable of the secret for <c>--client-id</c>; there is no option for it, since command lines are public.</summary>
    public const string ClientSecretVariable = "TESTCLIENT_CLIENT_SECRET";

    /// <summary>Environment variable of the password at a third party.</summary>
    public const string ThirdPartyPasswordVariable = "TESTCLIENT_THIRD_PARTY_PASSWORD";

    private readonly Argument<Uri> _url = new("URL")
    {
        Description = "The MCP endpoint, for example http://localhost:5180/mcp",
        CustomParser = ParseUrl,
    };

    private readonly Option<string?> _user = new("--user")
    {
        Description = "Sign in as this user without a browser, on plain login and consent pages",
        HelpName = "NAME",
    };

    private readonly Option<string?> _password = new("--password")
    {
        Description = $"The user's password; better in the environment as {PasswordVariable}",
        HelpName = "PASSWORD",
    };

    private readonly Option<string?> _clientId = new("--client-id")
    {
        Description =
            $"Use a client that is registered already (its secret, if it has one, in the environment as {ClientSecretVariable}). "
            + "Default: register dynamically",
        HelpName = "ID",
    };

    private readonly Option<Uri?> _clientDocument = new("--client-id-document")
    {
        Description = "Use a client id metadata document. Without a URL the test client serves its own on loopback",
        HelpName = "URL",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static result => result.Tokens.Count == 0 ? null : ParseUrl(result),
    };

    private readonly Option<string[]> _scope = new("--scope")
    {
        Description =
            "Ask for exactly these scopes (repeat it, or separate with spaces). Default: what the server's challenge names",
        HelpName = "SCOPE",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _protocolVersion = new("--protocol-version")
    {
        Description = "Insist on an MCP revision, for example 2025-11-25. Default: the newest that both sides know",
        HelpName = "REVISION",
    };

    private readonly Option<string?> _thirdPartyUser = new("--third-party-user")
    {
        Description =
            "With --user: who signs in where a call needs a consent at a third party "
            + $"(password in the environment as {ThirdPartyPasswordVariable}). Default on this machine: the same as --user",
        HelpName = "NAME",
    };

    private readonly Option<bool> _noElicitation = new("--no-elicitation")
    {
        Description = "Do not tell the server that it may ask for a consent with a URL",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document instead of text" };

    /// <summary>Adds what a command needs that calls tools.</summary>
    public void AddConsentTo(Command command)
    {
        command.Add(_thirdPartyUser);
        command.Add(_noElicitation);
        command.Validators.Add(ValidateConsent);
    }

    /// <summary>Adds the argument and the options to a command.</summary>
    public void AddTo(Command command, bool withJson = true)
    {
        command.Arguments.Insert(0, _url);
        command.Add(_user);
        command.Add(_password);
        command.Add(_clientId);
        command.Add(_clientDocument);
        command.Add(_scope);
        command.Add(_protocolVersion);
        if (withJson)
        {
            command.Add(_json);
        }

        command.Validators.Add(Validate);
    }

    /// <summary>Reads the settings; what is missing on the command line comes from the environment.</summary>
    public ConnectionSettings Read(ParseResult parsed, Func<string, string?> variable)
    {
        var user = parsed.GetValue(_user);
        return new(parsed.GetValue(_url)!)
        {
            Identity = Identity(parsed, variable),
            Scopes =
            [
                .. parsed.GetValue(_scope)!.SelectMany(static s => s.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            ],
            User = user is null ? null : new(user, Password(parsed, variable)),
            ThirdParty = ThirdParty(parsed, variable),
            TakesElicitations = !parsed.GetValue(_noElicitation),
            ProtocolVersion = parsed.GetValue(_protocolVersion),
            Json = parsed.GetValue(_json),
        };
    }

    private string Password(ParseResult parsed, Func<string, string?> variable)
    {
        var password = parsed.GetValue(_password) ?? variable(PasswordVariable);
        return string.IsNullOrEmpty(password)
            ? throw new ClientFailure(
                "--user needs a password.",
                $"Put it into the environment variable {PasswordVariable}, or leave out --user to sign in with a browser."
            )
            : password;
    }

    private SignInAs? ThirdParty(ParseResult parsed, Func<string, string?> variable)
    {
        var name = parsed.GetValue(_thirdPartyUser) ?? parsed.GetValue(_user);
        var password = variable(ThirdPartyPasswordVariable) ?? "";
        return name is null ? null : new(name, password);
    }

    private ClientIdentity Identity(ParseResult parsed, Func<string, string?> variable)
    {
        if (parsed.GetValue(_clientId) is { } id)
        {
            return new ClientIdentity.Registered(id, variable(ClientSecretVariable) is { Length: > 0 } s ? s : null);
        }

        return parsed.GetResult(_clientDocument) is null
            ? new ClientIdentity.Dynamic()
            : new ClientIdentity.Document(parsed.GetValue(_clientDocument));
    }

    private void Validate(CommandResult command)
    {
        if (command.GetResult(_clientId) is not null && command.GetResult(_clientDocument) is not null)
        {
            command.AddError("Use either --client-id or --client-id-document, not both.");
        }

        if (command.GetResult(_password) is not null && command.GetResult(_user) is null)
        {
            command.AddError("--password needs --user.");
        }
    }

    private void ValidateConsent(CommandResult command)
    {
        if (command.GetResult(_thirdPartyUser) is not null && command.GetResult(_user) is null)
        {
            command.AddError("--third-party-user needs --user.");
        }
    }

    private static Uri? ParseUrl(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        result.AddError($"'{text}' is no http or https address. Write for example http://localhost:5180/mcp.");
        return null;
    }
}
