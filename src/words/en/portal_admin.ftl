# What administrators read on their pages, and whoever is the second person.

portal-admin-title = Administration
portal-back-to-admin = Back to administration
portal-earlier = Show earlier ones
portal-made = Made
portal-why = Why
portal-somewhere-else = Pages of yours

# Organisations.
portal-organisations = Organisations
portal-organisation-title = Organisation
portal-organisation-kind = What it is
portal-organisation-name = Name of the organisation
portal-organisation-survivor_support = Supports survivors
portal-organisation-programme_provider = Delivers the programme
portal-organisation-police_force = A police force
portal-organisation-commissioner = Commissions services
portal-organisation-oversight = Checks who saw what
portal-force = Police force
portal-force-hint = A police force needs one, nobody else has one.
portal-no-force = None
portal-no-forces = Make the organisation of a police force first.
portal-duty-desk = Number of the duty desk
portal-duty-desk-hint = The number that the police may ring about an alert. Left empty, it stays as it is.
portal-create-organisation = Create an organisation
portal-correct-organisation = Correct the organisation

# Accounts.
portal-staff = Staff
portal-no-accounts = There is no account yet.
portal-account-title = Account
portal-account-made-at-organisation = A new account is made on the page of its organisation.
portal-account-in-use = In use
portal-account-new = Waits for its holder to set it up
portal-account-out = Out of use
portal-account-erased = Somebody whose account was erased
portal-account-own = This is your own account: another administrator changes it.
portal-display-name = Name
portal-username-hint = What its holder signs in with. Capital letters do not count.
portal-roles = Roles
portal-role-advocate = Advocate
portal-role-practitioner = Practitioner
portal-role-supervisor = Supervisor
portal-role-police = Police officer
portal-role-commissioner = Commissioner's analyst
portal-role-auditor = Auditor
portal-role-administrator = Administrator
portal-create-account = Create an account
portal-change-roles = Change the roles
portal-new-setup-code = Create a new setup code
portal-disable-account = Disable the account
portal-disable-left = Its holder has left
portal-disable-away = Its holder is away for long
portal-disable-not_safe = Somebody else may be able to use it
portal-setup-lost = The password, the authenticator app or the code before was lost
portal-setup-back = Its holder is back
portal-setup-not_safe = Somebody else may be able to use the account

# What is shown once.
portal-made-title = It is made
portal-shown-once = This is shown once. Give it on now; nobody can read it again.
portal-made-awaits = It does nothing until a second person has approved it.
portal-made-go-on = Go on

# What takes two people.
portal-requests = What waits for a second person
portal-requests-hint = Two people are needed, so that nobody alone can read everything: one who asks, and another who approves.
portal-requests-waiting = { $count }
portal-no-requests = Nothing waits for you to approve.
portal-awaits-second-person = Waits for a second person:
portal-two-people-staff_account = A new account
portal-two-people-setup_code = A new setup code for an account
portal-two-people-staff_roles = Other roles of an account
portal-two-people-police_client = Credentials of a police system
portal-two-people-webhook_endpoint = An endpoint of a police force
portal-asked-by = Asked for by
portal-asked-by-operator = Whoever runs the service, at the command line
portal-refuse = Refuse
portal-withdraw = Withdraw what you asked for

# Endpoints.
portal-endpoints = Endpoints of police forces
portal-endpoint-title = Endpoint
portal-endpoint-name = What it is called
portal-endpoint-kind = How it is reached
portal-endpoint-webhook = Signed calls
portal-endpoint-email = Signed e-mail
portal-endpoint-position = Place in the order
portal-endpoint-position-hint = The lowest number is tried first.
portal-endpoint-secret = Secret for signatures v1
portal-endpoint-key = Public key for signatures v1a
portal-address = Address
portal-address-hint = A public address with https; of e-mail, mailto: and the address.
portal-address-stays = Left empty, the address stays as it is.
portal-create-endpoint = Create an endpoint
portal-change-endpoint = Change the endpoint
portal-rotate-endpoint = Change the keys
portal-test-endpoint = Send a test message
portal-endpoint-in-use = Put it in use
portal-endpoint-out-of-use = Take it out of use
portal-last-attempt = The last attempt
portal-status = Status of the answer
portal-deliveries = What was sent to it
portal-no-deliveries = Nothing was sent to it yet.
portal-delivery-title = Attempts of a message
portal-queued = Queued
portal-next-attempt = Next attempt
portal-attempts = Attempts
portal-attempt = Attempt
portal-no-attempts = Nothing was tried yet.
portal-replay = Send it again
