// Made from the contract by scripts/generate.mjs: change nothing here, run `npm run generate`.

export interface paths {
    "/app/v1/access-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who looked at your record, and why
         * @description Nothing for two weeks of where you may be found, or go; and that you rang us once somebody has spoken with you about it.
         *
         *     Who: survivor.
         */
        get: operations["list_access_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the truth about an alert
         * @description Accepted by us, delivered to a machine and acknowledged by a person are three facts; what is missing has not
         *     happened. A police response is never promised. Asks for a PIN of the last 15 minutes: help-now itself never does.
         *
         *     Who: survivor.
         */
        get: operations["get_own_alert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/check-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your check-ins
         * @description Who: survivor.
         */
        get: operations["list_check_ins"];
        put?: never;
        /**
         * Answer a check-in
         * @description "Safe" counts only with a PIN of the last 15 minutes, and as it is said. Without one, or from a phone that was offline, it is
         *     kept (`is_proven: false`), stops the reminders and no alarm; give the PIN and answer again. The device's SOS token says only
         *     `concern` and `help_now`. What a phone says that nobody has confirmed yet answers no check-in, and is kept by itself. A late
         *     answer is kept with the alert and does not close it. Wherever `status: help_now` can be read the answer is 201, whatever
         *     else the body says: what cannot be read is left out and named in `dropped`. Then neither an `Idempotency-Key` nor a
         *     `Content-Type` is needed: each request without a key is a press of its own, and so is one whose key was used with another
         *     `recorded_at`. A concern by the SOS token is read in the same way; its key is needed.
         *
         *     Who: survivor, sos.
         */
        post: operations["create_check_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/check-ins/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your next check-in
         * @description Who: survivor.
         */
        get: operations["get_next_check_in"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what you have agreed to
         * @description Always shows what is true now: an alert setting that was turned off is still on until its delay has passed.
         *
         *     Who: survivor.
         */
        get: operations["list_consents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/consents/{scope}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Agree to something, or withdraw
         * @description Appends to the ledger and answers a receipt. Withdrawing a sharing scope bites at once. Turning an alert setting on
         *     is instant; turning one off takes effect after a delay, and the advocate is notified.
         *
         *     Who: survivor.
         */
        put: operations["put_consent"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your phones
         * @description Those that are in use. Asks for a PIN of the last 15 minutes: that there is another phone is nobody else's business.
         *
         *     Who: survivor.
         */
        get: operations["list_devices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/devices/{id}/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Register a phone for notices
         * @description For the phone that calls. Notices come only with `contact.push`, and in neutral words.
         *
         *     Who: survivor.
         */
        put: operations["put_push"];
        post?: never;
        /**
         * End notices on a phone
         * @description Who: survivor.
         */
        delete: operations["delete_push"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/devices/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke another phone of yours
         * @description At once and for good: its sessions and its notices end. It can still cry for help, which then says that the phone was
         *     reported lost or taken, until you have said to the people who support you that it may not. They are notified. The phone that
         *     you use cannot revoke itself. Asks for a PIN of the last 15 minutes.
         *
         *     Who: survivor.
         */
        post: operations["revoke_own_device"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/disclosures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was disclosed to whom
         * @description Who: survivor.
         */
        get: operations["list_disclosures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol a phone with the code from the advocate
         * @description Answers the phone's secrets, which are shown once, and opens its first session. The first phone of a record works at once. A
         *     further one takes check-ins, timers, new incidents and cries for help, and is otherwise answered 403 `phone_not_confirmed`
         *     until somebody at the service has heard the code word from you.
         *
         *     Who: anyone.
         */
        post: operations["create_enrolment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your files
         * @description Those on their way and those kept, newest first.
         *
         *     Who: survivor.
         */
        get: operations["list_evidence"];
        put?: never;
        /**
         * Register a file that you are about to send
         * @description Then send it: in one piece by `PUT …/content`, or resumably by tus 1.0 at `upload_url`. It is evidence once all of it
         *     has arrived and has the SHA-256 that was stated.
         *
         *     Who: survivor.
         */
        post: operations["create_evidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/evidence/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a resumable upload
         * @description tus 1.0, creation: `Upload-Length` and `Upload-Metadata` say what will come; `Location` says where to send it. `OPTIONS`
         *     at this address tells what is spoken here and how large a file may be; `HEAD` at an upload tells how far it has come.
         *
         *     Who: survivor.
         */
        post: operations["create_evidence_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/evidence/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Cancel a resumable upload
         * @description tus 1.0, termination: what has arrived is destroyed. 409 once the file is kept; then it is removed as a file.
         *
         *     Who: survivor.
         */
        delete: operations["delete_evidence_upload"];
        options?: never;
        head?: never;
        /**
         * Send a piece of a resumable upload
         * @description tus 1.0: from `Upload-Offset` on; with `Upload-Checksum` (sha1 or sha256) the piece is kept whole or not at all (460).
         *     With the last piece the file is read back and must be what was stated: 422 otherwise, and nothing is kept.
         *
         *     Who: survivor.
         */
        patch: operations["patch_evidence_upload"];
        trace?: never;
    };
    "/app/v1/evidence/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one of your files
         * @description Who: survivor.
         */
        get: operations["get_evidence"];
        put?: never;
        post?: never;
        /**
         * Remove one of your files
         * @description It is off your screens at once, without a trace, and nobody can open it. Your advocate speaks with you and can restore it;
         *     after seven days it is destroyed, unless it was handed over before. 409 while a legal hold keeps it. An upload is given
         *     up.
         *
         *     Who: survivor.
         */
        delete: operations["delete_evidence"];
        options?: never;
        head?: never;
        /**
         * Set what one of your files belongs to
         * @description A file that belongs to no incident can join one, or a draft, which then says who may see it; or say who may see it. The
         *     bytes stay as they are. 409 where it belongs to another incident, or a legal hold keeps it as it is.
         *
         *     Who: survivor.
         */
        patch: operations["patch_evidence"];
        trace?: never;
    };
    "/app/v1/evidence/{id}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what you can do with one of your files
         * @description Who: survivor.
         */
        get: operations["get_evidence_actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/evidence/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one of your files
         * @description Byte for byte as it was sent, or the part that `Range` names. The read is in the file's custody, once for a player
         *     that asks for one part after another.
         *
         *     Who: survivor.
         */
        get: operations["get_evidence_content"];
        /**
         * Send a file in one piece
         * @description For small files; a large one is better sent by tus. Once more from the beginning where it broke off. Nothing is kept
         *     of a file that does not have the SHA-256 that was stated, or is not of the kind that was stated.
         *
         *     Who: survivor.
         */
        put: operations["put_evidence_content"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/evidence/{id}/custody": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what happened to one of your files
         * @description Who received, read, copied or disclosed it, and when; why, where it was disclosed.
         *
         *     Who: survivor.
         */
        get: operations["get_evidence_custody"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/evidence/{id}/display": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one of your pictures
         * @description A copy without what a camera or a phone writes beside pictures and sound: place, time, device. 404 where there is none;
         *     `no_display_reason` of the file says why.
         *
         *     Who: survivor.
         */
        get: operations["get_evidence_display"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/help-now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call for help now
         * @description Raises an emergency at once. This is not an emergency service: call 999; if you cannot speak, press 55. Pressing
         *     again notifies again. With a valid credential the answer is 201, whatever the body: what cannot be read is left out and
         *     named in `dropped`, where `""` is the body as a whole. No body, `Content-Type` or `Idempotency-Key` is needed. Each request
         *     without a key is a press of its own, and so is one whose key was used with another `recorded_at`.
         *
         *     Who: survivor, sos.
         */
        post: operations["create_help_now"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/household": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your household
         * @description In the order in which they were added.
         *
         *     Who: survivor.
         */
        get: operations["list_own_household"];
        put?: never;
        /**
         * Add somebody to your household
         * @description A child, somebody else who lives with you, or a pet. Your advocate sees it; the programme and the police never do.
         *
         *     Who: survivor.
         */
        post: operations["create_own_household_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your incidents
         * @description Private and withdrawn ones too.
         *
         *     Who: survivor.
         */
        get: operations["list_incidents"];
        put?: never;
        /**
         * Report an incident
         * @description You decide who sees it; your private note is for you alone. `alert` tells what followed at once. Wherever
         *     `happening_now: true` can be read the answer is 201, whatever else the body says: what cannot be read is left out and named
         *     in `dropped`, and what has to be there is taken to be what is safe: `visibility` on `private`, `fear` on 4, `happened` on
         *     `unknown`, no behaviours, which count as danger, and an empty account. Then neither an `Idempotency-Key` nor a `Content-Type`
         *     is needed: each request without a key is a report of its own, and so is one whose key was used with another `recorded_at`.
         *
         *     Who: survivor.
         */
        post: operations["create_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your drafts
         * @description With what tells them apart: when you began and changed them, what was done and when, and their files. Without their
         *     words; reading one asks for the PIN.
         *
         *     Who: survivor.
         */
        get: operations["list_incident_drafts"];
        put?: never;
        /**
         * Create a draft of an incident
         * @description Nobody else sees a draft, and nothing follows from it until you send it.
         *
         *     Who: survivor.
         */
        post: operations["create_incident_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/drafts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one of your drafts
         * @description Asks for a PIN of the last minutes, as your private notes do.
         *
         *     Who: survivor.
         */
        get: operations["get_incident_draft"];
        /**
         * Change one of your drafts
         * @description The whole of it is replaced.
         *
         *     Who: survivor.
         */
        put: operations["put_incident_draft"];
        post?: never;
        /**
         * Delete a draft
         * @description Who: survivor.
         */
        delete: operations["delete_incident_draft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/drafts/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a draft
         * @description It becomes an incident under the same id, as if it had been reported at once. 422 names each field that is missing. One that
         *     says `happening_now: true`, in itself or in this call, is a cry for help as a report is: 201 whatever else is wrong with it,
         *     or with the call.
         *
         *     Who: survivor.
         */
        post: operations["submit_incident_draft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your incidents over time
         * @description By day, by week and by behaviour, in your time zone. What you keep for yourself counts; what you took back does not.
         *
         *     Who: survivor.
         */
        get: operations["get_incident_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one of your incidents
         * @description With every version of it, and what became of it. Your note for yourself is in it only where you gave the PIN in
         *     the last minutes.
         *
         *     Who: survivor.
         */
        get: operations["get_incident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/{id}/amend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Amend an incident
         * @description What you name changes, what you leave out stays, null clears. Keeps a new version beside those before it. The severity
         *     never falls by it. One that was closed is looked at again. 409 when the incident was withdrawn; 412 where `If-Match` is
         *     sent and it was amended meanwhile.
         *
         *     Wherever `happening_now: true` can be read the answer is 200, as with a report: what cannot be read stays as it was and is
         *     named in `dropped`, `If-Match` and the key refuse nothing, and of an incident that was withdrawn it is a report of its own,
         *     under the `id` of the answer.
         *
         *     Who: survivor.
         */
        post: operations["amend_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/{id}/private-note": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your note for yourself
         * @description Asks for a PIN of the last minutes: the person who picks up an unlocked phone is not to read it.
         *
         *     Who: survivor.
         */
        get: operations["get_private_note"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/{id}/release-when": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read when an incident is to be opened further
         * @description `state` is `none` where you have said nothing.
         *
         *     Who: survivor.
         */
        get: operations["get_incident_release"];
        /**
         * Set when an incident is to be opened further
         * @description After check-ins that you missed in a row, from an alert of a level on, or at a moment: whichever comes first. It is
         *     reported to your advocate when that happens. You may change it until then.
         *
         *     Who: survivor.
         */
        put: operations["put_incident_release"];
        post?: never;
        /**
         * Cancel that an incident is to be opened further
         * @description 409 where nothing waits.
         *
         *     Who: survivor.
         */
        delete: operations["delete_incident_release"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/incidents/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw an incident
         * @description It is kept, and disclosed no further; nothing opens it any more. Alerts that it raised go on.
         *
         *     Who: survivor.
         */
        post: operations["withdraw_incident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/ladder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what happens if you miss a check-in, or press help-now
         * @description Who: survivor.
         */
        get: operations["get_ladder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your messages
         * @description Between you and your advocates.
         *
         *     Who: survivor.
         */
        get: operations["list_messages"];
        put?: never;
        /**
         * Send your advocates a message
         * @description They are notified that something waits. This is not an emergency service: call 999, or press help-now.
         *
         *     Who: survivor.
         */
        post: operations["create_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/messages/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Record that you have read your messages
         * @description Up to this one; your advocates see when.
         *
         *     Who: survivor.
         */
        put: operations["record_message_read"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the conditions of the order that protects you
         * @description Who: survivor.
         */
        get: operations["list_own_orders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the questions of your own that a check-in may answer
         * @description At most three.
         *
         *     Who: survivor.
         */
        get: operations["list_own_questions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/safe-contact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how you are contacted
         * @description Your safe-contact plan, as you and your advocate made it.
         *
         *     Who: survivor.
         */
        get: operations["get_own_safe_contact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/safety-plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your safety plan
         * @description Asks for a PIN of the last 15 minutes (`POST /app/v1/session/confirm`).
         *
         *     Who: survivor.
         */
        get: operations["get_own_safety_plan"];
        /**
         * Replace your own part of the safety plan
         * @description A new version, to which you agree by writing it. Your advocate's part stays as it is.
         *
         *     Who: survivor.
         */
        put: operations["put_own_safety_plan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/safety-plan/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Agree to the safety plan as it is
         * @description Who: survivor.
         */
        post: operations["confirm_own_safety_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your check-in schedules
         * @description With the most minutes that can pass until silence raises an alert.
         *
         *     Who: survivor.
         */
        get: operations["list_own_schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/session/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the PIN
         * @description What must not be seen by the person who picks up an unlocked phone asks for a PIN of the last 15 minutes.
         *
         *     Who: survivor.
         */
        post: operations["confirm_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/session/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lock the phone's session
         * @description Always 204, whether or not there was a session. Check-in schedules go on: the end of a session never stops one.
         *
         *     Who: anyone.
         */
        post: operations["lock_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/session/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your PIN, your duress PIN or your code word
         * @description With the PIN as it is. PINs are changed at once, on this phone. A code word that is set already counts until the delay is
         *     over, a day unless the service has set another; and one that is changed while an emergency is open does not close it. A danger
         *     word that is set already is heard until the same delay is over. The people who support you are notified.
         *
         *     Who: survivor.
         */
        post: operations["change_pin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/session/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh the pair of tokens
         * @description Within 60 seconds the token before still gives the same successor, for a phone with bad signal; later reuse ends
         *     the session. The SOS token is not touched by either.
         *
         *     Who: anyone.
         */
        post: operations["refresh_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/session/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlock an enrolled phone with its PIN
         * @description Who: anyone.
         */
        post: operations["unlock_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send what the phone kept while it was offline
         * @description Check-ins, help-now, timers, and incidents with their amendments and the sending of their drafts only. Each item is answered by itself, one that is malformed with 400 or 422;
         *     those with a key that was used before are not done again. A cry for help among them is heard whatever else is wrong with it
         *     or with the call: then the others alone are refused.
         *
         *     Who: survivor.
         */
        post: operations["create_sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/timers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your timers
         * @description Who: survivor.
         */
        get: operations["list_timers"];
        put?: never;
        /**
         * Start a timer
         * @description If it runs out before you end it, your advocate and the person on duty are notified at once. It runs from `recorded_at`, so
         *     that one that was started without signal ends when it was to end. The phone may make its `id`.
         *
         *     Who: survivor.
         */
        post: operations["create_timer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/timers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one of your timers
         * @description Who: survivor.
         */
        get: operations["get_timer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/timers/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a timer: you are safe
         * @description After it has run out this is kept and closes no alert: a person does.
         *
         *     Who: survivor.
         */
        post: operations["end_timer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/timers/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend a timer
         * @description While it runs, up to a day in all.
         *
         *     Who: survivor.
         */
        post: operations["extend_timer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/trusted-contact": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your trusted contact
         * @description Who: survivor.
         */
        get: operations["get_own_trusted_contact"];
        /**
         * Set your trusted contact
         * @description They get messages, in neutral words, only with `contact.trusted`, and not before `starts_at`: a day from now unless
         *     set otherwise, or when your side has heard your code word. Until then the contact you named before gets them. Asks
         *     for a PIN of the last 15 minutes.
         *
         *     Who: survivor.
         */
        put: operations["put_own_trusted_contact"];
        post?: never;
        /**
         * Remove your trusted contact
         * @description At once. Asks for a PIN of the last 15 minutes.
         *
         *     Who: survivor.
         */
        delete: operations["delete_own_trusted_contact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/v1/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what your advocate has released to you
         * @description What the police said came of an alert; and, while you agree to it, news of the programme.
         *
         *     Who: survivor.
         */
        get: operations["list_updates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read whether the instance can take and store a cry for help
         * @description Writes a row, and is answered within two seconds. Says nothing else: what waits to be done or sent is under
         *     `/health/watch`, since an instance that is late still takes every cry for help.
         *
         *     Who: anyone.
         */
        get: operations["get_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/behaviours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the behaviours that an incident can name
         * @description In one page, in the language that `Accept-Language` asks for (English or Welsh).
         *
         *     Who: anyone.
         */
        get: operations["list_behaviours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/forces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the police forces
         * @description In one page: the 43 territorial forces of England and Wales, and the Police Service of Northern Ireland, with their ids of
         *     data.police.uk; Police Scotland (`scotland`), British Transport Police (`btp`) and the Ministry of Defence Police (`mod`).
         *     Wherever a force is named, another id is refused with 422.
         *
         *     Who: anyone.
         */
        get: operations["list_forces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/public/v1/support-services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List help lines, and whether each is open
         * @description In one page, in the language that `Accept-Language` asks for (English or Welsh). Hours are given in London's time, with
         *     bank holidays taken into account; where sources differ, each is given with what it says. This is not an emergency
         *     service: call 999; if you cannot speak, press 55.
         *
         *     Who: anyone.
         */
        get: operations["list_support_services"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Somebody's look at the record. */
        Access: {
            /**
             * @description What was done, as a code.
             * @example list_survivor_check_ins
             */
            action: string;
            /** @description When. */
            at: components["schemas"]["Instant"];
            /**
             * @description Of which organisation.
             * @example Lighthouse
             */
            organisation?: string;
            /** @description What for, as a code. */
            purpose?: string;
            /**
             * @description In which role.
             * @example advocate
             */
            role: string;
        };
        /** @description One page of a list. */
        AccessPage: {
            items: components["schemas"]["Access"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description Something that the caller may do now. */
        Action: {
            /**
             * @description What is done, as a code.
             * @example submit
             */
            event: string;
            /** @description What must be done first, as a code; absent where it may be done at once. */
            needs?: string;
            /**
             * @description The state that it leads to.
             * @example submitted
             */
            to: string;
        };
        /** @description The state of a record, and what the caller may do with it now. */
        Actions: {
            /** @description What is open to the caller, in the table's order. */
            actions: components["schemas"]["Action"][];
            /**
             * @description The state.
             * @example draft
             */
            state: string;
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        AlertId: string;
        /**
         * @description What changes of an incident. A field that is left out stays as it was reported before; null takes back what need not be
         *     reported.
         */
        AmendRequest: {
            /** @description What happened, in your own words. */
            account?: string;
            /**
             * @description What was done: 1 to 20 different codes of `GET /public/v1/behaviours`.
             * @example [
             *       "loiter"
             *     ]
             */
            behaviours?: string[];
            /** @description Whether children were present. */
            children_present?: boolean;
            /**
             * Format: int32
             * @description How afraid you were, 0 (not at all) to 4.
             * @example 2
             */
            fear?: number;
            /**
             * @description The police force of that place, from `GET /public/v1/forces`.
             * @example derbyshire
             */
            force_id?: string;
            /** @description When it happened. */
            happened?: components["schemas"]["HappenedRequest"];
            /** @description Whether it is going on now. Left out, what was reported before stays, and is not reported as news. */
            happening_now?: boolean;
            /**
             * Format: int32
             * @description How much it changed how you live, 0 (not at all) to 4.
             * @example 2
             */
            impact?: number;
            /** @description The condition of an order that this may break. */
            order_condition_id?: components["schemas"]["ConditionId"];
            /**
             * @description Where.
             * @example The bus stop
             */
            place?: string;
            /** @description Whether police may speak to you about it. */
            police_may_contact?: boolean;
            /**
             * @description What the police call it: a crime or log number.
             * @example 14/98765/26
             */
            police_reference?: string;
            /** @description A note for yourself; Holdfast never sends it. */
            private_note?: string;
            /**
             * @description Why it is amended, as a code.
             * @example remembered_more
             */
            reason?: string;
            /** @description When the phone recorded this; left out: now. */
            recorded_at?: components["schemas"]["Instant"];
            /** @description What you want about reporting it to the police. */
            reporting_wish?: components["schemas"]["ReportingWish"];
            /**
             * @description Who else was targeted: family, friends, a new partner, colleagues.
             * @example My sister
             */
            third_parties?: string;
            /** @description Who may see it. */
            visibility?: components["schemas"]["Visibility"];
            /**
             * @description Who saw or heard it.
             * @example The neighbour
             */
            witnesses?: string;
        };
        /** @enum {string} */
        Answer: "safe" | "concern" | "help_now";
        /** @enum {string} */
        AuthorKind: "survivor" | "staff";
        /** @description A kind of behaviour. */
        Behaviour: {
            /**
             * Format: int32
             * @description The least severity of an incident with it, 1 to 4.
             * @example 3
             */
            base_severity: number;
            /**
             * @description The code that an incident names.
             * @example approach_in_person
             */
            code: string;
            /**
             * @description What it means.
             * @example Comes up to or speaks to the survivor
             */
            definition: string;
            /**
             * @description The limbs of the Protection from Harassment Act 1997, s.2A(3), that it may fall under (a follow, b contact,
             *     c publish, d monitor, e loiter, f interfere with property, g watch); x: none of them. Indicative only.
             * @example [
             *       "b"
             *     ]
             */
            indicative_limbs: string[];
            /** @description Whether it happens in person. */
            is_in_person: boolean;
        };
        /** @description One page of a list. */
        BehaviourPage: {
            items: components["schemas"]["Behaviour"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        BundleId: string;
        /** @description Changing what you know. What is left out stays. */
        ChangePinRequest: {
            /**
             * @description The code word. Where one is set it counts after a day, unless the service has set another delay.
             * @example marigold
             */
            new_code_word?: string;
            /**
             * @description The danger word: said in the place of the code word, it sends help unseen. Where one is set it counts, and the one
             *     before no more, after the same delay. Nothing tells whether there is one.
             * @example juniper
             */
            new_danger_word?: string;
            /**
             * @description The duress PIN from now on, whether or not there was one.
             * @example 7305
             */
            new_duress_pin?: string;
            /**
             * @description The PIN from now on: four to twelve digits.
             * @example 6038
             */
            new_pin?: string;
            /**
             * @description The PIN as it is.
             * @example 4821
             */
            pin: string;
        };
        /** @description What a plan says of one channel. */
        ChannelPlan: {
            /**
             * @description The telephone number, with or without a country code, or the e-mail address; a notice on the phone needs none.
             * @example +44 7700 900123
             */
            address?: string;
            /** @description Whether it may be used at all. */
            allowed: boolean;
            /** @description When it is safe; none named: at all hours. */
            hours?: components["schemas"]["SafeHours"][];
        };
        /** @description A check-in, for the survivor themselves or their advocate. */
        CheckIn: {
            /** @description What was answered; a late answer too. */
            answer?: components["schemas"]["Answer"];
            /** @description Answers to their own questions. */
            answers?: components["schemas"]["QuestionAnswer"][];
            /**
             * Format: int32
             * @description How full the phone's battery was, in percent.
             */
            battery?: number;
            /** @description Whether they want to be rung. */
            call_back?: boolean;
            /**
             * Format: int32
             * @description By how many seconds the phone's clock was ahead of ours (behind: negative), as far as is known.
             */
            clock_offset_seconds?: number;
            /** @description How it is safe to get in touch. */
            contact_by?: components["schemas"]["Kind"][];
            /** @description Whether there was contact. */
            contact_since_last?: components["schemas"]["ContactSinceLast"];
            /** @description When it is due. */
            due_at?: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description 0 to 4.
             */
            feeling_safe?: number;
            /** @description When it is missed. */
            grace_ends_at?: components["schemas"]["Instant"];
            /** @description Id. */
            id: components["schemas"]["CheckInId"];
            /** @description Whether it came from a session under duress; told to their own staff alone. */
            is_duress?: boolean;
            /**
             * @description Of "safe": whether it counts. `false` stops the reminders and no alarm: it came without a PIN of the last 15 minutes, or
             *     from a phone that had been offline. Give the PIN and answer again.
             */
            is_proven?: boolean;
            /** @description Whether a member of staff recorded it for the survivor. */
            is_recorded_by_staff: boolean;
            /** @description When it was found missed. */
            missed_at?: components["schemas"]["Instant"];
            /** @description In their own words. */
            note?: string;
            /** @description From when it may be answered. */
            opens_at?: components["schemas"]["Instant"];
            /** @description When it reached us. */
            received_at?: components["schemas"]["Instant"];
            /** @description When the phone recorded it. */
            recorded_at?: components["schemas"]["Instant"];
            /** @description When a person resolved it. */
            resolved_at?: components["schemas"]["Instant"];
            /** @description How far staff are with looking at it. */
            review_state?: components["schemas"]["ReviewState"];
            /** @description Whether it is safe to get in touch. */
            safe_to_contact?: boolean;
            /** @description Of which schedule; none when unscheduled. */
            schedule_id?: components["schemas"]["ScheduleId"];
            /** @description Its state now. */
            state: components["schemas"]["EffectiveState"];
            /** @description How they are. */
            wellbeing?: components["schemas"]["Wellbeing"];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        CheckInId: string;
        /** @description One page of a list. */
        CheckInPage: {
            items: components["schemas"]["CheckIn"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description One ladder. */
        Climb: {
            /**
             * @description The same in sentences, in the reader's language.
             * @example [
             *       "At once: your advocate.",
             *       "The police are not told."
             *     ]
             */
            in_words: string[];
            /** @description Whether the police are notified, as things are now: your setting is on, and your force can be reached. */
            police_will_be_told: boolean;
            /**
             * Format: int32
             * @description Minutes after which the last stage is repeated until somebody takes it up.
             */
            repeats_every_minutes?: number;
            /** @description Its steps. */
            steps: components["schemas"]["ClimbStep"][];
        };
        /** @description One step. */
        ClimbStep: {
            /**
             * Format: int32
             * @description Minutes after it began.
             */
            after_minutes: number;
            /**
             * @description Who is notified, as codes.
             * @example [
             *       "advocate",
             *       "duty"
             *     ]
             */
            tells: string[];
        };
        /** @description One prohibition or requirement. */
        Condition: {
            /** @description Where it holds. */
            area?: string;
            /**
             * @description What it is about, as a code.
             * @example approach_within_distance
             */
            code: string;
            /**
             * Format: int32
             * @description How near the participant may not come, in metres.
             */
            distance_metres?: number;
            /** @description Id. */
            id: components["schemas"]["ConditionId"];
            /** @description Whether it forbids or demands. */
            kind: components["schemas"]["ConditionKind"];
            /** @description The order's own words. */
            wording: string;
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        ConditionId: string;
        /** @enum {string} */
        ConditionKind: "prohibition" | "requirement";
        /** @description Agreeing to a version. */
        ConfirmPlanRequest: {
            /**
             * Format: int32
             * @description The version that was read; it must be the newest.
             * @example 3
             */
            version: number;
        };
        /** @description Giving the PIN again. */
        ConfirmRequest: {
            /**
             * @description The PIN.
             * @example 4821
             */
            pin: string;
        };
        /** @description One scope or setting, as it is now. */
        Consent: {
            /** @description Organisations that were named in a decision, and what holds for each of them now. */
            by_name?: components["schemas"]["NamedConsent"][];
            /** @description When the agreement runs out. */
            expires_at?: components["schemas"]["Instant"];
            /** @description Whether it is on. */
            granted: boolean;
            /** @description The language of the text; give it back with the decision. */
            language: components["schemas"]["Language"];
            /** @description What is yet to take effect. */
            pending?: components["schemas"]["Pending"];
            /**
             * @description Of a setting by which the police are notified: whether they would be, as things are now. It is on, and the force can be
             *     reached.
             */
            police_will_be_told?: boolean;
            /** @description When it was recorded. */
            recorded_at?: components["schemas"]["Instant"];
            /**
             * @description Who recorded the last decision: `survivor` or `staff`; none where nothing was ever recorded.
             * @example survivor
             */
            recorded_by?: string;
            /** @description How it was reported to the member of staff who recorded it. */
            recorded_how?: components["schemas"]["RecordedHow"];
            /**
             * @description The scope or setting.
             * @example alert.police.help_now
             */
            scope: string;
            /** @description Since when. */
            since?: components["schemas"]["Instant"];
            /** @description The text to show. */
            text: string;
            /**
             * @description The version of the text to show.
             * @example 1
             */
            text_version: string;
        };
        /** @description One page of a list. */
        ConsentPage: {
            items: components["schemas"]["Consent"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description The receipt of a decision: what is true now, and what will be. */
        ConsentReceipt: {
            /** @description When it was recorded. */
            at: components["schemas"]["Instant"];
            /** @description Whether it is on now. */
            granted: boolean;
            /** @description What is yet to take effect. */
            pending?: components["schemas"]["Pending"];
            /**
             * @description Of a setting by which the police are notified: whether they would be, as things are now. It is on, and the force can be
             *     reached.
             */
            police_will_be_told?: boolean;
            /**
             * @description The receipt's number.
             * @example CR-6F2K-8C3D-M
             */
            receipt: string;
            /**
             * @description The scope or setting.
             * @example share.programme.status
             */
            scope: string;
            /**
             * @description What goes on being true although it is off, in words to show: the service ends only once somebody has spoken with the
             *     survivor.
             * @example Nothing stops yet. Somebody from your support organisation will speak with you.
             */
            what_holds?: string;
        };
        /** @description A decision on one scope or setting. */
        ConsentRequest: {
            /** @description On or off. */
            granted: boolean;
            /**
             * @description The language that it was shown in, `en` or `cy`; without it, the one in which this call is answered.
             * @example cy
             */
            language?: string;
            /** @description For one organisation; without it, for every linked organisation of that kind. */
            recipient_organisation_id?: components["schemas"]["OrganisationId"];
            /**
             * @description The version of the text that was shown.
             * @example 1
             */
            text_version: string;
        };
        /** @enum {string} */
        ContactSinceLast: "yes" | "no" | "unsure";
        /**
         * @description An answer to a check-in.
         * @example {
         *       "contact_since_last": "no",
         *       "feeling_safe": 3,
         *       "note": "A quiet day.",
         *       "recorded_at": "2026-11-21T20:14:05Z",
         *       "status": "safe"
         *     }
         */
        CreateCheckInRequest: {
            /** @description Answers to your own questions. */
            answers?: components["schemas"]["QuestionAnswer"][];
            /**
             * Format: int32
             * @description How full the phone's battery is, in percent.
             * @example 64
             */
            battery?: number;
            /** @description Whether you want to be rung. */
            call_back?: boolean;
            /** @description Which check-in; without it, the one that is open, else an unscheduled one. */
            check_in_id?: components["schemas"]["CheckInId"];
            /**
             * @description How it is safe to get in touch.
             * @example [
             *       "sms"
             *     ]
             */
            contact_by?: components["schemas"]["Kind"][];
            /** @description Whether there was contact. */
            contact_since_last?: components["schemas"]["ContactSinceLast"];
            /**
             * Format: int32
             * @description 0 (not at all) to 4 (entirely).
             * @example 3
             */
            feeling_safe?: number;
            /** @description Where you are; kept only while `location.moment` is on. */
            location?: components["schemas"]["Location"];
            /**
             * @description In your own words.
             * @example A quiet day.
             */
            note?: string;
            /** @description When the phone recorded it. */
            recorded_at: components["schemas"]["Instant"];
            /** @description Whether it is safe to get in touch. */
            safe_to_contact?: boolean;
            /** @description How it is. */
            status: components["schemas"]["Answer"];
            /** @description How you are. */
            wellbeing?: components["schemas"]["Wellbeing"];
        };
        /** @description A new message. */
        CreateMessageRequest: {
            /**
             * @description What you want to say.
             * @example Could we speak on Thursday?
             */
            body: string;
        };
        /**
         * @description A new timer.
         * @example {
         *       "minutes": 20,
         *       "note": "Walking home from the station."
         *     }
         */
        CreateTimerRequest: {
            /**
             * @description The id that the phone makes for it, so that it can be extended and ended before an answer has come; the same id sent
             *     again is the same timer. Without it the server makes one.
             */
            id?: components["schemas"]["TimerId"];
            /** @description Where you are; kept only while `location.moment` is on. */
            location?: components["schemas"]["Location"];
            /**
             * Format: int64
             * @description Minutes that it runs.
             * @example 20
             */
            minutes: number;
            /**
             * @description In your own words.
             * @example Walking home from the station.
             */
            note?: string;
            /** @description When the phone recorded it, which is when it began to run. One that has run out on the way raises its alarm at once. */
            recorded_at?: components["schemas"]["Instant"];
        };
        /** @description What happened to a file. */
        Custody: {
            /** @description The events, oldest first. */
            events: components["schemas"]["CustodyEvent"][];
            /** @description The file. */
            evidence_id: components["schemas"]["EvidenceId"];
            /** @description Whether the events follow one another without gap or change. */
            is_whole: boolean;
            /**
             * @description Its reference.
             * @example EV-6F2K-8C3D-M
             */
            reference: string;
        };
        /** @description One event in the custody of a file. */
        CustodyEvent: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description The bundle that it went into. */
            bundle_id?: components["schemas"]["BundleId"];
            /**
             * @description Who did it: `survivor`, `staff`, `officer`, `police_client` or `system`.
             * @example staff
             */
            by: string;
            /** @description Which account. */
            by_id?: components["schemas"]["SubjectId"];
            /** @description A SHA-256 over this event and the one before it. */
            entry_hash: string;
            /** @description What happened. */
            kind: components["schemas"]["CustodyKind"];
            /** @description Where they work. */
            organisation_id?: components["schemas"]["OrganisationId"];
            /** @description Why, in words. On the survivor's phone only why it was disclosed. */
            reason?: string;
            /**
             * Format: int32
             * @description Counts from 1, without gaps.
             */
            sequence: number;
            /** @description The file's SHA-256 as it was then. */
            sha256: string;
        };
        /** @enum {string} */
        CustodyKind: "received" | "verified" | "copied" | "read" | "disclosed" | "held" | "released" | "removed" | "restored" | "destroyed" | "sealed" | "unsealed" | "terminated" | "expired" | "refused";
        /**
         * Format: date
         * @example 2026-03-21
         */
        Day: string;
        /** @enum {string} */
        DestroyBecause: "endangers" | "shows_child" | "intimate";
        /** @description A phone. */
        Device: {
            /**
             * @description What it is called.
             * @example My phone
             */
            name: string;
            /** @description When it was enrolled. */
            enrolled_at: components["schemas"]["Instant"];
            /** @description Its id. */
            id: components["schemas"]["DeviceId"];
            /** @description Whether it is the one that asks. */
            is_this_one: boolean;
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        DeviceId: string;
        /** @description One page of a list. */
        DevicePage: {
            items: components["schemas"]["Device"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description Something that was disclosed. */
        Disclosure: {
            /**
             * @description The scope or setting of yours that it rests on.
             * @example alert.police.help_now
             */
            agreement: string;
            /** @description The alert that it belongs to. */
            alert_id?: components["schemas"]["AlertId"];
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Its id. */
            id: components["schemas"]["DisclosureId"];
            /** @description Whether a named officer read it, rather than a machine of theirs. */
            is_by_officer: boolean;
            /**
             * @description The organisation's own lawful basis.
             * @example safeguarding
             */
            lawful_basis: string;
            /** @description The reason that was stated. */
            reason?: string;
            /**
             * @description To whom.
             * @example South Yorkshire Police
             */
            recipient: string;
            /**
             * @description The kinds of thing, as codes.
             * @example [
             *       "alert"
             *     ]
             */
            what: string[];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        DisclosureId: string;
        /** @description One page of a list. */
        DisclosurePage: {
            items: components["schemas"]["Disclosure"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description One of your drafts with all that you have reported so far. */
        Draft: components["schemas"]["DraftLine"] & {
            /** @description What you have reported so far. */
            content: components["schemas"]["DraftRequest"];
        };
        /** @description One of your drafts, in a list: what tells it from others, and none of its words. */
        DraftLine: {
            /** @description What was done, as far as you have said: behaviour codes. */
            behaviours: string[];
            /** @description When you began it. */
            created_at: components["schemas"]["Instant"];
            /** @description Your files that belong to it. */
            evidence_ids: components["schemas"]["EvidenceId"][];
            /** @description When it happened, as far as you have said. */
            happened?: components["schemas"]["HappenedRequest"];
            /** @description Id; the incident will have the same. */
            id: components["schemas"]["IncidentId"];
            /** @description Its state: `draft`. */
            state: components["schemas"]["IncidentState"];
            /** @description When you last changed it. */
            updated_at: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description Counts from 1; one more for each change.
             */
            version: number;
        };
        /** @description One page of a list. */
        DraftLinePage: {
            items: components["schemas"]["DraftLine"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description What you have so far of an incident. The fields are those of an incident; none is needed yet. */
        DraftRequest: {
            /** @description What happened, in your own words. */
            account?: string;
            /**
             * @description What was done: codes of `GET /public/v1/behaviours`.
             * @example [
             *       "message_text",
             *       "loiter"
             *     ]
             */
            behaviours?: string[];
            /** @description Whether children were present. */
            children_present?: boolean;
            /**
             * Format: int32
             * @description How afraid you were, 0 (not at all) to 4.
             */
            fear?: number;
            /**
             * @description The police force of that place, from `GET /public/v1/forces`.
             * @example derbyshire
             */
            force_id?: string;
            /** @description When it happened. */
            happened?: components["schemas"]["HappenedRequest"];
            /** @description Whether it is going on now. */
            happening_now?: boolean;
            /**
             * Format: int32
             * @description How much it changed how you live, 0 (not at all) to 4.
             */
            impact?: number;
            /** @description The condition of an order that this may break. */
            order_condition_id?: components["schemas"]["ConditionId"];
            /** @description Where. */
            place?: string;
            /** @description Whether police may speak to you about it. */
            police_may_contact?: boolean;
            /** @description What the police call it. */
            police_reference?: string;
            /** @description A note for yourself; Holdfast never sends it. */
            private_note?: string;
            /** @description When the phone recorded it. */
            recorded_at?: components["schemas"]["Instant"];
            /** @description When it is to be opened further. */
            release_when?: components["schemas"]["ReleaseWhenRequest"];
            /** @description What you want about reporting it to the police. */
            reporting_wish?: components["schemas"]["ReportingWish"];
            /** @description Who else was targeted. */
            third_parties?: string;
            /** @description Who may see it once it is sent. */
            visibility?: components["schemas"]["Visibility"];
            /** @description Who saw or heard it. */
            witnesses?: string;
        };
        /** @enum {string} */
        EffectiveState: "scheduled" | "open" | "due" | "late" | "safe" | "concern" | "help_now" | "missed" | "resolved";
        /** @description A body without fields. */
        EmptyRequest: Record<string, never>;
        /** @description The end of a timer. */
        EndTimerRequest: {
            /** @description When the phone recorded it. */
            recorded_at?: components["schemas"]["Instant"];
        };
        /** @description Enrolling a phone. */
        EnrolRequest: {
            /**
             * @description The code from the advocate.
             * @example 7QX4-2M9D-KTPW
             */
            code: string;
            /**
             * @description A word that tells the advocate it is really you; closes an emergency. Where one is set already, that one stays;
             *     unless two people open the phone for you, since you could not say it.
             * @example marigold
             */
            code_word?: string;
            /**
             * @description Another word, for when somebody forces you to say it: staff who hear it in the place of the code word send help unseen.
             *     Where one is set already, that one stays.
             * @example juniper
             */
            danger_word?: string;
            /**
             * @description What to call this phone.
             * @example My phone
             */
            device_name: string;
            /**
             * @description A second PIN for when somebody forces you: it opens a session that looks the same, shows nothing of yours, and
             *     raises a silent emergency.
             * @example 7305
             */
            duress_pin?: string;
            /**
             * @description Four to twelve digits; those of another script count as these.
             * @example 4821
             */
            pin: string;
        };
        /** @description An enrolled phone with its secrets, which are shown once. */
        Enrolled: components["schemas"]["Tokens"] & {
            /** @description The phone's id. */
            device_id: components["schemas"]["DeviceId"];
            /** @description Proves the phone when it is unlocked. */
            device_secret: string;
            /**
             * @description Whether this phone reads already. One that does not has to be confirmed by the service first, and until then takes
             *     check-ins, timers and new incidents.
             */
            is_confirmed: boolean;
            /** @description May press help-now and record a concern, also while locked; reads nothing. */
            sos_token: string;
        };
        /** @description A file for staff or police: not what the phone called it. */
        Evidence: {
            /**
             * Format: int64
             * @description How long it is.
             */
            bytes: number;
            /** @description When the upload began. */
            created_at: components["schemas"]["Instant"];
            /** @description Why it is to be destroyed at once, which waits for a second person. */
            destroy_because?: components["schemas"]["DestroyBecause"];
            /**
             * @description When it is destroyed unless it is restored; absent for one that was disclosed or is held, which stays, and for one that
             *     a member of staff took back for the survivor, which takes a second person.
             */
            destroyed_from?: components["schemas"]["Instant"];
            /** @description Whether there is a copy for display, without the metadata that a camera adds. */
            has_display: boolean;
            /** @description Id. */
            id: components["schemas"]["EvidenceId"];
            /** @description The incident that it belongs to, or the draft of one. */
            incident_id?: components["schemas"]["IncidentId"];
            /** @description Whether no phone shows it, until staff say that it is safe; absent for one that a phone shows. */
            is_off_phone?: boolean;
            /** @description Whether a member of staff recorded it, for somebody without a phone that is safe to use. */
            is_recorded_by_staff: boolean;
            /** @description When it was whole. */
            kept_at?: components["schemas"]["Instant"];
            /**
             * @description Whether only the original can be read, which may hold metadata of the phone, such as where and when
             *     it was made: there is no copy for display.
             */
            may_hold_metadata: boolean;
            /**
             * @description What it is.
             * @example image/jpeg
             */
            media_type: string;
            /**
             * @description Why a kept file has none: `not_needed` (plain text, which has no metadata), `kind` (there is no way to make one of
             *     this kind), `too_large`, or `not_sure` (the file is damaged or unusual, and something might have been left in it).
             */
            no_display_reason?: components["schemas"]["NoCopy"];
            /** @description When the phone recorded it. */
            recorded_at: components["schemas"]["Instant"];
            /**
             * @description Its reference.
             * @example EV-6F2K-8C3D-M
             */
            reference: string;
            /** @description Its SHA-256, in hexadecimal digits; true once the file is kept. */
            sha256: string;
            /** @description Its state. */
            state: components["schemas"]["EvidenceState"];
            /** @description When the survivor took it back; it is locked since, and may be sealed as well. */
            taken_back_at?: components["schemas"]["Instant"];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        EvidenceId: string;
        /** @description A file that is about to be sent. */
        EvidenceRequest: {
            /**
             * @description What your phone calls it; for you alone.
             * @example IMG_2041.JPG
             */
            name?: string;
            /**
             * Format: int64
             * @description How long it is.
             * @example 48213
             */
            bytes: number;
            /** @description The incident, or the draft of one, that it belongs to; then who may see it is what the incident says. */
            incident_id?: components["schemas"]["IncidentId"];
            /**
             * @description What it is.
             * @example image/jpeg
             */
            media_type: string;
            /** @description When the phone recorded it. */
            recorded_at?: components["schemas"]["Instant"];
            /**
             * @description Its SHA-256, in hexadecimal digits: what arrives must have it.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            sha256: string;
            /** @description Who may see it, where it belongs to no incident: your support organisation, unless you say otherwise. */
            visibility?: components["schemas"]["Visibility"];
        };
        /** @enum {string} */
        EvidenceState: "uploading" | "kept" | "held" | "removing" | "locked" | "sealed" | "removed" | "terminated" | "expired" | "refused";
        /** @description A day on which a service is open at other times, or not at all. */
        Exception: {
            /**
             * Format: date
             * @description The day.
             * @example 2026-12-24
             */
            date: string;
            /** @description Its openings; none: closed. */
            openings: components["schemas"]["ExceptionOpening"][];
        };
        /** @description An opening of a day that differs. */
        ExceptionOpening: {
            /**
             * @description Local time at which it closes.
             * @example 12:00
             */
            closes: string;
            /**
             * @description Local time at which it opens.
             * @example 10:00
             */
            opens: string;
        };
        /** @description More time. */
        ExtendTimerRequest: {
            /**
             * Format: int64
             * @description Minutes to add.
             * @example 10
             */
            minutes: number;
            /** @description When the phone recorded it. */
            recorded_at?: components["schemas"]["Instant"];
        };
        /** @description A police force. */
        Force: {
            /**
             * @description Its name.
             * @example South Yorkshire Police
             */
            name: string;
            /**
             * @description Its id, as `force_id` and `home_force_id` give it.
             * @example south-yorkshire
             */
            id: string;
        };
        /**
         * @description The id of a police force, as `GET /public/v1/forces` lists them.
         * @example south-yorkshire
         * @enum {string}
         */
        ForceId: "avon-and-somerset" | "bedfordshire" | "btp" | "cambridgeshire" | "cheshire" | "city-of-london" | "cleveland" | "cumbria" | "derbyshire" | "devon-and-cornwall" | "dorset" | "durham" | "dyfed-powys" | "essex" | "gloucestershire" | "greater-manchester" | "gwent" | "hampshire" | "hertfordshire" | "humberside" | "kent" | "lancashire" | "leicestershire" | "lincolnshire" | "merseyside" | "metropolitan" | "mod" | "norfolk" | "north-wales" | "north-yorkshire" | "northamptonshire" | "northern-ireland" | "northumbria" | "nottinghamshire" | "scotland" | "south-wales" | "south-yorkshire" | "staffordshire" | "suffolk" | "surrey" | "sussex" | "thames-valley" | "warwickshire" | "west-mercia" | "west-midlands" | "west-yorkshire" | "wiltshire";
        /** @description One page of a list. */
        ForcePage: {
            items: components["schemas"]["Force"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description When something happened. */
        Happened: {
            /** @description When it happened or began. */
            from?: components["schemas"]["Instant"];
            /** @description How well the time is known. */
            precision: components["schemas"]["Precision"];
            /** @description By when it was over. */
            to?: components["schemas"]["Instant"];
        };
        /** @description When it happened, as well as the survivor knows. */
        HappenedRequest: {
            /** @description When it happened or began; needed unless `unknown`. */
            from?: components["schemas"]["Instant"];
            /** @description How well the time is known. */
            precision: components["schemas"]["Precision"];
            /** @description By when it was over; for a `range` only, where it is needed. */
            to?: components["schemas"]["Instant"];
        };
        /** @description How it is. */
        Health: {
            /**
             * @description `ok`, or `not_storing`: nothing that is written is stored just now.
             * @example ok
             */
            status: string;
        };
        /** @description The alert that a press of help-now raised or added to. */
        HelpNow: {
            /** @description The alert. */
            alert: components["schemas"]["Raised"];
            /**
             * @description JSON Pointers of what could not be read or kept, in part or at all; the empty one is the body as a whole.
             * @example [
             *       "/location/accuracy_m"
             *     ]
             */
            dropped?: string[];
        };
        /**
         * @description Pressing help-now. It is never refused over what it says: words that are too long are cut off, what cannot be read counts as
         *     absent, and `dropped` in the answer names it. No field is needed, nor a body.
         * @example {
         *       "battery": 9,
         *       "recorded_at": "2026-11-21T20:14:05Z"
         *     }
         */
        HelpNowRequest: {
            /**
             * Format: int32
             * @description How full the phone's battery is, in percent.
             * @example 9
             */
            battery?: number;
            /** @description Where you are; kept while `location.moment` or `location.release_alert` is on. */
            location?: components["schemas"]["Location"];
            /** @description In your own words. */
            note?: string;
            /** @description When the phone recorded it. It decides nothing; people see it next to when it reached us. */
            recorded_at?: components["schemas"]["Instant"];
        };
        /** @description Somebody of a household. */
        HouseholdMember: {
            /** @description What they are called. */
            name?: string;
            /** @description The year or day of their birth. */
            born?: string;
            /** @description Their id, the same over all versions. */
            id: components["schemas"]["HouseholdMemberId"];
            /** @description Whether they are at risk themselves. */
            is_at_risk: boolean;
            /** @description A person or a pet. */
            kind: components["schemas"]["MemberKind"];
            /** @description With whom they live. */
            lives_with?: string;
            /** @description What else should be known. */
            note?: string;
            /** @description Who they are to the survivor. */
            relation: string;
            /** @description Their school or nursery. */
            school?: string;
            /**
             * Format: int32
             * @description Counts amendments.
             * @example 1
             */
            version: number;
            /** @description When. */
            written_at: components["schemas"]["Instant"];
            /** @description Who wrote this version. */
            written_by: components["schemas"]["AuthorKind"];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        HouseholdMemberId: string;
        /** @description One page of a list. */
        HouseholdMemberPage: {
            items: components["schemas"]["HouseholdMember"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description Somebody of a household, as they are known now. */
        HouseholdMemberRequest: {
            /**
             * @description What they are called; needed of a person.
             * @example Robin
             */
            name?: string;
            /**
             * @description The year in which they were born, or the day.
             * @example 2017
             */
            born?: string;
            /** @description Whether they are at risk themselves. */
            is_at_risk?: boolean;
            /** @description A person or a pet. */
            kind: components["schemas"]["MemberKind"];
            /**
             * @description With whom they live, as a code.
             * @example survivor
             */
            lives_with?: string;
            /** @description What else should be known. */
            note?: string;
            /**
             * @description Who they are to the survivor, as a code; of a pet, its kind.
             * @example child
             */
            relation: string;
            /**
             * @description Their school or nursery.
             * @example Hill Lane Primary
             */
            school?: string;
        };
        /** @description An alert that a report raised or added to. */
        IncidentAlert: {
            /** @description The alert. */
            id: components["schemas"]["AlertId"];
            /**
             * @description Its state.
             * @example open
             */
            state: string;
        };
        /** @enum {string} */
        IncidentEventKind: "submitted" | "amended" | "withdrawn" | "triaged" | "acted" | "closed" | "severity_raised" | "severity_lowered" | "shown" | "release_set" | "release_cancelled" | "released";
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        IncidentId: string;
        /**
         * @description A new incident.
         * @example {
         *       "account": "They wrote again.",
         *       "behaviours": [
         *         "message_text"
         *       ],
         *       "fear": 2,
         *       "happened": {
         *         "from": "2026-11-20T17:40:00Z",
         *         "precision": "exact"
         *       },
         *       "recorded_at": "2026-11-20T18:05:00Z",
         *       "visibility": "advocate"
         *     }
         */
        IncidentRequest: {
            /**
             * @description What happened, in your own words.
             * @example They waited outside again.
             */
            account: string;
            /**
             * @description What was done: 1 to 20 different codes of `GET /public/v1/behaviours`.
             * @example [
             *       "message_text",
             *       "loiter"
             *     ]
             */
            behaviours: string[];
            /** @description Whether children were present. */
            children_present?: boolean;
            /**
             * Format: int32
             * @description How afraid you were, 0 (not at all) to 4.
             * @example 2
             */
            fear: number;
            /**
             * @description The police force of that place, from `GET /public/v1/forces`: any police who are notified are those of this force.
             * @example derbyshire
             */
            force_id?: string;
            /** @description When it happened. */
            happened: components["schemas"]["HappenedRequest"];
            /** @description Whether it is going on now. */
            happening_now?: boolean;
            /**
             * Format: int32
             * @description How much it changed how you live, 0 (not at all) to 4.
             * @example 2
             */
            impact?: number;
            /** @description The condition of an order that this may break. */
            order_condition_id?: components["schemas"]["ConditionId"];
            /**
             * @description Where.
             * @example The bus stop
             */
            place?: string;
            /** @description Whether police may speak to you about it. */
            police_may_contact?: boolean;
            /**
             * @description What the police call it: a crime or log number.
             * @example 14/98765/26
             */
            police_reference?: string;
            /** @description A note for yourself; Holdfast never sends it. */
            private_note?: string;
            /** @description When the phone recorded it. */
            recorded_at: components["schemas"]["Instant"];
            /** @description When it is to be opened further than now. */
            release_when?: components["schemas"]["ReleaseWhenRequest"];
            /** @description What you want about reporting it to the police. */
            reporting_wish?: components["schemas"]["ReportingWish"];
            /**
             * @description Who else was targeted: family, friends, a new partner, colleagues.
             * @example My sister
             */
            third_parties?: string;
            /** @description Who may see it. */
            visibility: components["schemas"]["Visibility"];
            /**
             * @description Who saw or heard it.
             * @example The neighbour
             */
            witnesses?: string;
        };
        /** @enum {string} */
        IncidentState: "draft" | "submitted" | "triaged" | "in_action" | "closed" | "withdrawn";
        /** @description Your incidents over time. Those that you took back do not count. */
        IncidentTimeline: {
            /** @description Each behaviour, the most frequent first. */
            behaviours: components["schemas"]["TimelineBehaviour"][];
            /** @description Each day on which something happened, in order. */
            days: components["schemas"]["TimelineDay"][];
            /**
             * Format: date
             * @description The first day.
             */
            from: string;
            /**
             * Format: int64
             * @description All incidents.
             */
            incidents: number;
            /**
             * Format: int64
             * @description Those of which you do not know when they happened; they stand on the day on which they were recorded.
             */
            of_unknown_time: number;
            /**
             * @description The time zone that decides which day it was.
             * @example Europe/London
             */
            time_zone: string;
            /**
             * Format: date
             * @description The last day.
             */
            to: string;
            /** @description Each week, in order. */
            weeks: components["schemas"]["TimelineWeek"][];
        };
        /** @description One version of an incident: all that was reported in it but what the survivor keeps for themselves. */
        IncidentVersion: components["schemas"]["Told"] & {
            /**
             * @description Why it was amended, as a code.
             * @example remembered_more
             */
            reason?: string;
            /** @description When it arrived. */
            received_at: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description The severity that it had then, 1 to 4.
             */
            severity: number;
            /**
             * Format: int32
             * @description Counts from 1.
             */
            version: number;
            /** @description Who could see it. */
            visibility: components["schemas"]["Visibility"];
        };
        /**
         * Format: date-time
         * @example 2026-11-21T20:14:05Z
         */
        Instant: string;
        /** @enum {string} */
        Kind: "push" | "sms" | "email" | "voice";
        /** @description What happens when something is wrong. */
        Ladder: {
            /** @description Whether a rota says who is watching at which hour; without one nobody can promise that somebody is. */
            has_duty_rota: boolean;
            /** @description After pressing help-now. */
            help_now: components["schemas"]["Climb"];
            /** @description After a missed check-in. */
            missed_check_in: components["schemas"]["Climb"];
            /**
             * @description The same as hours of the day: at these, nobody is watching.
             * @example [
             *       "18:00–09:00"
             *     ]
             */
            nobody_is_watching: string[];
            /**
             * @description What this is not.
             * @example This is not an emergency service. Call 999. If you cannot speak on a mobile, listen, cough or tap, and press 55 when asked. 55 does not tell police where you are. On a landline stay on the line.
             */
            note: string;
            /** @description What the rota does not cover in the coming seven days; empty where there is none. */
            uncovered: components["schemas"]["Span"][];
            /**
             * @description Whether somebody is there to be notified, in a sentence of the reader's language.
             * @example Nobody is watching: 18:00–09:00.
             */
            watch_in_words: string;
        };
        /** @enum {string} */
        Language: "en" | "cy";
        /** @description Where a phone was. */
        Location: {
            /**
             * Format: double
             * @description How far off it may be, in metres, where the phone says.
             * @example 12
             */
            accuracy_m?: number;
            /**
             * @description The police force of that place, where the phone knows it: police in that area are notified, while where you are may be
             *     kept.
             */
            force_id?: components["schemas"]["ForceId"];
            /**
             * Format: double
             * @description Degrees north.
             * @example 53.38
             */
            lat: number;
            /**
             * Format: double
             * @description Degrees east.
             * @example -1.47
             */
            lon: number;
        };
        /** @enum {string} */
        MemberKind: "person" | "pet";
        /** @description A message. */
        Message: {
            /** @description What it says. */
            body: string;
            /** @description Who wrote it. */
            from: components["schemas"]["AuthorKind"];
            /** @description Its id. */
            id: components["schemas"]["MessageId"];
            /** @description When the other side read it. */
            read_at?: components["schemas"]["Instant"];
            /** @description When it was sent. */
            sent_at: components["schemas"]["Instant"];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        MessageId: string;
        /** @description One page of a list. */
        MessagePage: {
            items: components["schemas"]["Message"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description What holds for one organisation. */
        NamedConsent: {
            /** @description When that agreement runs out. */
            expires_at?: components["schemas"]["Instant"];
            /** @description Whether it is on for them. */
            granted: boolean;
            /** @description Which one. */
            organisation_id: components["schemas"]["OrganisationId"];
        };
        /** @description Give this as `cursor` to go on; null at the end, and always where the list is one page. */
        NextCursor: string | null;
        /** @enum {string} */
        NoCopy: "not_needed" | "kind" | "too_large" | "not_sure";
        /** @description When a service opens, on some days of each week. */
        Opening: {
            /**
             * @description Local time at which it closes; 24:00 is the end of the day.
             * @example 16:00
             */
            closes: string;
            /**
             * @description Local time at which it opens.
             * @example 09:30
             */
            opens: string;
            /**
             * @description The days, `mo` to `su`.
             * @example [
             *       "mo",
             *       "tu",
             *       "we",
             *       "th",
             *       "fr"
             *     ]
             */
            weekdays: string[];
        };
        /** @enum {string} */
        Opens: "open" | "may_be_open" | "closed";
        /** @enum {string} */
        OrderEnd: "discharged" | "superseded";
        /** @enum {string} */
        OrderKind: "spo" | "interim_spo" | "restraining_order" | "non_molestation_order" | "non_molestation" | "occupation_order" | "domestic_abuse_protection_order" | "dapo" | "domestic_abuse_protection_notice" | "domestic_violence_protection_order" | "dvpo" | "harassment_injunction" | "injunction" | "non_harassment_order" | "criminal_behaviour_order" | "sexual_harm_prevention_order" | "sexual_risk_order" | "community_order" | "suspended_sentence" | "bail" | "licence" | "remand" | "custody" | "other";
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        OrganisationId: string;
        /** @description What another source says. */
        OtherHours: {
            /**
             * Format: date
             * @description When that was last checked.
             * @example 2026-08-14
             */
            checked_on: string;
            /** @description When it opens, by this source. */
            hours: components["schemas"]["Opening"][];
            /** @description Whether it is open at the instant asked for, by this source. */
            open_now: boolean;
            /** @description The source. */
            source: string;
        };
        /** @description The truth about an alert, for the survivor's phone. */
        OwnAlert: components["schemas"]["Raised"] & {
            /**
             * @description What the force calls it, once the outcome is released.
             * @example SYP-20261121-0812
             */
            force_reference?: string;
            /**
             * @description The grade that the force gave it, once the outcome is released.
             * @example grade_1
             */
            grade?: string;
            /**
             * @description All of this in sentences, in the reader's language.
             * @example [
             *       "We have received this.",
             *       "A person who supports you has taken it up."
             *     ]
             */
            in_words: string[];
            /** @description Whether the police have said something else since, which the advocate has not released yet. */
            is_outcome_superseded?: boolean;
            /** @description What the police said came of it, once the advocate has released it. */
            outcome?: string;
        };
        /** @description One of your own files. */
        OwnEvidence: components["schemas"]["Evidence"] & {
            /** @description What your phone called it. */
            name?: string;
            /** @description By when it must have arrived. */
            expires_at?: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description How much of it has arrived.
             */
            received: number;
            /** @description When its upload ended without it. */
            removed_at?: components["schemas"]["Instant"];
            /**
             * @description Where it is sent, while it is on its way.
             * @example /app/v1/evidence/uploads/019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
             */
            upload_url?: string;
            /** @description Who may see it, where it belongs to no incident; else the incident says. */
            visibility?: components["schemas"]["Visibility"];
        };
        /** @description One page of a list. */
        OwnEvidencePage: {
            items: components["schemas"]["OwnEvidence"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description One of your own incidents. */
        OwnIncident: components["schemas"]["Told"] & components["schemas"]["OwnNote"] & {
            /** @description Your files that belong to it, oldest first. */
            evidence_ids: components["schemas"]["EvidenceId"][];
            /** @description Id. */
            id: components["schemas"]["IncidentId"];
            /** @description When the first version arrived. */
            received_at: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description 1 to 4.
             */
            severity: number;
            /** @description Its state. */
            state: components["schemas"]["IncidentState"];
            /**
             * Format: int32
             * @description The newest version.
             */
            version: number;
            /** @description Who may see it. */
            visibility: components["schemas"]["Visibility"];
            /** @description When you took it back. */
            withdrawn_at?: components["schemas"]["Instant"];
        };
        /** @description One of your own incidents with all its versions, and what became of it. */
        OwnIncidentDetail: components["schemas"]["OwnIncident"] & {
            /** @description What became of it, newest first: at most the last hundred. */
            history: components["schemas"]["OwnIncidentEvent"][];
            /** @description When it is to be opened further. */
            release_when: components["schemas"]["Release"];
            /** @description Every version, oldest first. */
            versions: components["schemas"]["OwnIncidentVersion"][];
        };
        /** @description One thing that happened to your incident. */
        OwnIncidentEvent: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /**
             * @description Who did it: you, your side's staff, or the software.
             * @example staff
             */
            by: string;
            /** @description What. */
            kind: components["schemas"]["IncidentEventKind"];
            /**
             * Format: int32
             * @description The severity after it, 1 to 4.
             */
            severity: number;
            /** @description The state after it. */
            state: components["schemas"]["IncidentState"];
            /** @description Who could see it after that. */
            visibility: components["schemas"]["Visibility"];
        };
        /** @description One page of a list. */
        OwnIncidentPage: {
            items: components["schemas"]["OwnIncident"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description One version of your own incident: when you reported it, how and why. */
        OwnIncidentVersion: components["schemas"]["IncidentVersion"] & components["schemas"]["OwnNote"];
        /** @description The survivor's note for themselves, as far as a session may be shown it. */
        OwnNote: {
            /** @description Whether there is a note for yourself. */
            has_private_note: boolean;
            /** @description Your note for yourself; only where the PIN was given a moment ago. */
            private_note?: string;
        };
        /** @description An order, with what it means in the reader's language. */
        OwnOrderRecord: components["schemas"]["PlainOrder"] & {
            /**
             * @description What each condition means, in their order. The court's own wording is not translated.
             * @example [
             *       "The person must not come to your home."
             *     ]
             */
            conditions_in_words: string[];
            /**
             * @description Which order it is.
             * @example Stalking Protection Order
             */
            in_words: string;
            /**
             * @description Whether it protects you today, and what ended it where it does not.
             * @example A court ended this order. Its last day was 2027-03-03.
             */
            standing_in_words: string;
        };
        /** @description One page of a list. */
        OwnOrderRecordPage: {
            items: components["schemas"]["OwnOrderRecord"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description The survivor's own part of the plan, again. */
        OwnPlanRequest: {
            /** @description Its sections; the advocate's stay as they are. */
            sections: components["schemas"]["SectionRequest"][];
        };
        /** @description What changes of a file: one of the two. */
        PatchEvidenceRequest: {
            /** @description The incident, or the draft of one, that it belongs to from now on; then who may see it is what the incident says. */
            incident_id?: components["schemas"]["IncidentId"];
            /** @description Who may see it, where it belongs to no incident. */
            visibility?: components["schemas"]["Visibility"];
        };
        /** @description A change that is yet to take effect. */
        Pending: {
            /** @description From when. */
            effective_at: components["schemas"]["Instant"];
            /** @description What it will be. */
            granted: boolean;
        };
        /** @description An order as the survivor may see it: what it forbids and demands. No court, no reference, nothing of who it binds. */
        PlainOrder: {
            /** @description What it forbids and demands; an incident may name one that it may breach. */
            conditions: components["schemas"]["Condition"][];
            /** @description How it ended before its last day. */
            ended_by?: components["schemas"]["OrderEnd"];
            /** @description The day on which a court ended it before that, or another order took its place. */
            ended_on?: components["schemas"]["Day"];
            /** @description Its last day; without one, until further order. */
            expires_on?: components["schemas"]["Day"];
            /** @description Whether it binds today. */
            is_in_force: boolean;
            /** @description Which kind. */
            kind: components["schemas"]["OrderKind"];
            /** @description The day it was made. */
            made_on: components["schemas"]["Day"];
        };
        /** @enum {string} */
        Precision: "exact" | "approximate" | "range" | "unknown";
        /** @description Your note for yourself. */
        PrivateNote: {
            /** @description The note; null where there is none. */
            private_note: string | null;
        };
        /** @description A problem document (RFC 9457). */
        Problem: {
            /**
             * @description A URI that names the kind of problem.
             * @example urn:holdfast:problem:not_found
             */
            type: string;
            /**
             * @description One short sentence for people.
             * @example There is nothing here for you
             */
            title: string;
            /**
             * @description A stable word for programs
             * @example not_found
             * @enum {string}
             */
            code: "malformed_request" | "malformed_json" | "idempotency_key_missing" | "idempotency_key_invalid" | "header_missing" | "unauthenticated" | "second_factor_required" | "forbidden" | "wrong_role" | "safe_needs_pin" | "pin_needed" | "phone_not_confirmed" | "wrong_pin" | "wrong_credentials" | "second_factor_enrolment_required" | "not_on_duty" | "second_person_needed" | "not_found" | "method_not_allowed" | "request_timeout" | "conflict" | "wrong_state" | "guard_not_met" | "already_exists" | "already_done" | "in_flight" | "code_word_needed" | "in_danger" | "unsafe_contact" | "contact_not_agreed" | "no_channel" | "ladder_not_simulated" | "rota_uncovered" | "offset_mismatch" | "evidence_held" | "evidence_locked" | "not_agreed" | "upload_gone" | "tus_version" | "stale" | "body_too_large" | "file_too_large" | "quota_exceeded" | "media_type_not_taken" | "unsupported_media_type" | "unsupported_encoding" | "invalid" | "idempotency_key_reused" | "unknown_reference" | "hash_mismatch" | "media_type_mismatch" | "precondition_required" | "too_many_requests" | "headers_too_large" | "checksum_mismatch" | "internal" | "unavailable";
            /**
             * @description What is wrong with this request.
             * @example There is nothing here for you
             */
            detail: string;
            /** @description The fields that were refused. */
            errors?: components["schemas"]["ProblemField"][];
            /**
             * @description The id to give when asking for help.
             * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
             */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 404
             */
            status: number;
        };
        /** @description One field that was refused. */
        ProblemField: {
            /**
             * @description A stable word.
             * @example out_of_range
             */
            code: string;
            /** @description One sentence for people. */
            detail: string;
            /**
             * @description JSON Pointer into the body, or the name of a parameter.
             * @example /fear
             */
            pointer: string;
        };
        /** @description Where notices for a phone are sent now. */
        Push: {
            /** @description Whether this installation has that provider: where it has not, nothing comes. */
            available: boolean;
            /** @description Who carries them. */
            kind: components["schemas"]["PushKind"];
            /** @description Since when. */
            registered_at: components["schemas"]["Instant"];
        };
        /** @enum {string} */
        PushKind: "web_push" | "fcm" | "apns";
        /** @description Where notices for a phone are sent. */
        PushRequest: {
            /** @description Who carries them. */
            kind: components["schemas"]["PushKind"];
            /** @description The subscription, for `web_push`. */
            subscription?: components["schemas"]["SubscriptionRequest"];
            /** @description The token, for `fcm` and `apns`. */
            token?: string;
        };
        /** @description A question. */
        Question: {
            /** @description Its id. */
            id: components["schemas"]["QuestionId"];
            /** @description How it is answered. */
            kind: components["schemas"]["QuestionKind"];
            /** @description What it asks. */
            wording: string;
        };
        /** @description An answer to one of the survivor's own questions. */
        QuestionAnswer: {
            /** @description Which question. */
            question_id: components["schemas"]["QuestionId"];
            /**
             * Format: int32
             * @description For a question of how much: 0 (not at all) to 4 (entirely).
             * @example 3
             */
            scale?: number;
            /**
             * @description For a question in words.
             * @example With my sister.
             */
            text?: string;
            /** @description For a question of yes or no. */
            yes?: boolean;
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        QuestionId: string;
        /** @enum {string} */
        QuestionKind: "yes_no" | "scale" | "text";
        /** @description One page of a list. */
        QuestionPage: {
            items: components["schemas"]["Question"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @description Hours of the local day in which no reminder is sent. Check-ins fall due in them all the same, and so do alerts. */
        QuietHours: {
            /**
             * @description From, `HH:MM`.
             * @example 23:00
             */
            from: string;
            /**
             * @description Until, `HH:MM`; before `from`: on the next day.
             * @example 07:00
             */
            until: string;
        };
        /**
         * @description An alert that this transaction raised, or added to. What is true of it: `accepted` by us, `delivered` to a machine and
         *     `acknowledged` by a person are three facts.
         */
        Raised: {
            /** @description When a person acknowledged it. */
            acknowledged_at?: components["schemas"]["Instant"];
            /** @description When a police system received it; a machine, not yet a person. */
            delivered_at?: components["schemas"]["Instant"];
            /** @description The alert. */
            id: components["schemas"]["AlertId"];
            /** @description Whether the police are notified, on the survivor's setting. */
            police_will_be_told: boolean;
            /**
             * @description Its reference.
             * @example AL-6F2K-8C3D-M
             */
            reference: string;
            /** @description When it was sent to the police by mail; nobody answers for having received mail. */
            sent_by_mail_at?: components["schemas"]["Instant"];
            /**
             * @description Its state.
             * @example open
             */
            state: string;
        };
        /** @description An alert, as far as an answer tells of it. */
        RaisedRecord: {
            /** @description Its id. */
            id: components["schemas"]["AlertId"];
            /**
             * @description Its state.
             * @example open
             */
            state: string;
        };
        /** @description How many messages were read. */
        Read: {
            /**
             * @description Those that nobody had read before.
             * @example 1
             */
            read: number;
        };
        /** @enum {string} */
        RecordedHow: "in_person" | "by_telephone" | "by_video" | "in_writing";
        /** @description A refresh token. */
        RefreshRequest: {
            /** @description The token of the last answer. */
            refresh_token: string;
        };
        /** @description When your incident is to be opened further. */
        Release: {
            /**
             * Format: int32
             * @description From an alert of this level on.
             */
            alert_level?: number;
            /** @description At this moment. */
            at?: components["schemas"]["Instant"];
            /** @description When it was met or called off. */
            ended_at?: components["schemas"]["Instant"];
            /** @description What met it. */
            ended_by?: components["schemas"]["ReleaseCause"];
            /**
             * Format: int32
             * @description After so many check-ins missed in a row.
             */
            missed_check_ins?: number;
            /** @description Its state. */
            state: components["schemas"]["ReleaseState"];
            /** @description Who may see it then. */
            visibility?: components["schemas"]["Visibility"];
        };
        /** @enum {string} */
        ReleaseCause: "missed_check_ins" | "alert_level" | "date";
        /** @enum {string} */
        ReleaseState: "none" | "waiting" | "released" | "cancelled";
        /** @description When an incident is to be opened further: at whichever of these comes first. */
        ReleaseWhenRequest: {
            /**
             * Format: int32
             * @description When an alert about you is of this level or above, 2 (concern) to 4 (emergency).
             * @example 4
             */
            alert_level?: number;
            /** @description At this moment, unless you call it off before. */
            at?: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description When so many of your check-ins were missed in a row.
             * @example 2
             */
            missed_check_ins?: number;
            /** @description Who may see it then: further than now. */
            visibility: components["schemas"]["Visibility"];
        };
        /** @enum {string} */
        ReportingWish: "reported" | "wants_to_report" | "talk_first" | "undecided" | "does_not_want";
        /** @enum {string} */
        ReviewState: "started" | "completed";
        /** @description Revoking a phone. */
        RevokeDeviceRequest: {
            /** @description Why. */
            reason: components["schemas"]["RevokeReason"];
        };
        /** @enum {string} */
        RevokeReason: "lost" | "stolen" | "not_safe" | "replaced";
        /** @description A phone that was revoked. */
        RevokedDevice: {
            /** @description Its id. */
            id: components["schemas"]["DeviceId"];
            /** @description When. */
            revoked_at: components["schemas"]["Instant"];
        };
        /** @description A safe-contact plan as it is now. */
        SafeContact: {
            /** @description The plan. Without one only notices on the survivor's own phone are possible, if they have agreed to them. */
            plan?: components["schemas"]["SafeContactPlan"];
            /** @description Since when it is in force. */
            set_at?: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description Counts changes; 0 where no plan was made yet.
             * @example 3
             */
            version: number;
        };
        /** @description A safe-contact plan, as it is set and as it is shown. Has no `Debug`: it holds addresses. */
        SafeContactPlan: {
            /** @description Nothing before then. */
            do_not_contact_until?: components["schemas"]["Instant"];
            /** @description E-mail; without it it is not allowed. */
            email?: components["schemas"]["ChannelPlan"];
            /** @description Whether a voicemail may never be left; it may not unless this is said to be false. */
            never_leave_voicemail?: boolean;
            /** @description Notices on the phone; without it they are not allowed. */
            push?: components["schemas"]["ChannelPlan"];
            /** @description Text messages; without it they are not allowed. */
            sms?: components["schemas"]["ChannelPlan"];
            /**
             * @description The IANA time zone that the hours are in.
             * @example Europe/London
             */
            time_zone: string;
            /** @description Calls; without it they are not allowed. */
            voice?: components["schemas"]["ChannelPlan"];
            /**
             * @description Who answers, and what to say then.
             * @example Only I do. Ask for Ro about the library book.
             */
            who_answers?: string;
            /** @description As what messages present themselves. */
            wording?: components["schemas"]["Wording"];
        };
        /** @description Hours at which a channel is safe. */
        SafeHours: {
            /**
             * @description From this local time.
             * @example 09:00
             */
            from: string;
            /**
             * @description Until before this local time, later on the same day; `00:00` is the end of the day.
             * @example 15:30
             */
            until: string;
            /** @description On these days; none named: on all. */
            weekdays?: components["schemas"]["Weekday"][];
        };
        /** @description A safety plan as it is in its newest version. */
        SafetyPlan: {
            /**
             * Format: int32
             * @description The newest version to which both have agreed.
             */
            agreed_version?: number;
            /** @description By when it is looked at again. */
            review_by_on?: components["schemas"]["Day"];
            /** @description The sections of both parts. */
            sections: components["schemas"]["SectionRecord"][];
            /** @description When their advocate did. */
            staff_agreed_at?: components["schemas"]["Instant"];
            /** @description When the survivor agreed to this version. */
            survivor_agreed_at?: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description Counts versions; 0 where none was made yet.
             * @example 3
             */
            version: number;
            /** @description When. */
            written_at?: components["schemas"]["Instant"];
            /** @description Who wrote this version. */
            written_by?: components["schemas"]["AuthorKind"];
        };
        /** @description A schedule, for the survivor and their advocate. */
        Schedule: {
            /** @description When it was ended. */
            ended_at?: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description Minutes after due until it is missed.
             */
            grace_minutes: number;
            /** @description Its id. */
            id: components["schemas"]["ScheduleId"];
            /**
             * @description Times of day.
             * @example [
             *       "21:00"
             *     ]
             */
            local_times: string[];
            /** @description When the next check-in is due, while it runs. */
            next_due_at?: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description Minutes before due from which it may be answered.
             */
            opens_minutes_before: number;
            /** @description When it runs on by itself. */
            paused_until?: components["schemas"]["Instant"];
            /** @description Hours without reminders. */
            quiet_hours?: components["schemas"]["QuietHours"];
            /** @description Why it rests, or is over. */
            reason?: string;
            /** @description A rule (RFC 5545) instead of these. */
            rrule?: string;
            /** @description When the rule begins. */
            starts_at_local?: string;
            /** @description Whether it runs. */
            state: components["schemas"]["ScheduleState"];
            /**
             * @description An IANA time zone.
             * @example Europe/London
             */
            time_zone: string;
            /**
             * @description Days of the week; none: every day.
             * @example []
             */
            weekdays: string[];
            /**
             * Format: int64
             * @description The most minutes that can pass from an answer until silence raises an alert: answered as early as may be, then
             *     the longest stretch between two check-ins, then grace. A bound over the whole of the schedule, clock changes
             *     included; left out where none is known, as with one check-in only or a rule of months or years without an end. Who is
             *     told after that, `GET /app/v1/ladder` shows.
             * @example 1590
             */
            worst_case_minutes_to_alert?: number;
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        ScheduleId: string;
        /** @description One page of a list. */
        SchedulePage: {
            items: components["schemas"]["Schedule"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @enum {string} */
        ScheduleState: "active" | "paused" | "ended";
        /** @description A section of a plan. */
        SectionRecord: {
            /**
             * @description What it is about.
             * @example places_to_go
             */
            code: string;
            /** @description Whose part it belongs to. */
            part: components["schemas"]["AuthorKind"];
            /** @description What it says. */
            text: string;
        };
        /** @description A section as it is written. */
        SectionRequest: {
            /**
             * @description What it is about, as a code: `places_to_go`, `people_to_ring`, `what_to_take`, `at_home`, `online`, `children`,
             *     `code_word_use`, …
             * @example places_to_go
             */
            code: string;
            /**
             * @description What it says.
             * @example To Bea's, by the back lane.
             */
            text: string;
        };
        /** @description A stretch of time; its end does not belong to it. */
        Span: {
            /** @description Its first instant. */
            from: components["schemas"]["Instant"];
            /** @description The first instant after it. */
            to: components["schemas"]["Instant"];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        SubjectId: string;
        /** @description What came of an answer. */
        Submitted: {
            /** @description The alert that this raised or added to. */
            alert?: components["schemas"]["RaisedRecord"];
            /**
             * @description JSON Pointers of what could not be read or kept, in part or at all; the empty one is the body as a whole.
             * @example [
             *       "/location/accuracy_m"
             *     ]
             */
            dropped?: string[];
            /** @description The check-in. */
            id: components["schemas"]["CheckInId"];
            /** @description Of "safe": whether it counts. `false` stops the reminders and no alarm: give your PIN and answer again. */
            is_proven?: boolean;
            /** @description Its state now; a late answer leaves it missed. */
            state: components["schemas"]["EffectiveState"];
        };
        /** @description An incident that was kept. */
        SubmittedIncident: {
            /** @description The gravest alert that it raised or added to. */
            alert?: components["schemas"]["IncidentAlert"];
            /**
             * @description JSON Pointers of what could not be read or kept of a danger that is happening, in part or at all; the empty one is the
             *     body as a whole.
             * @example [
             *       "/behaviours/1"
             *     ]
             */
            dropped?: string[];
            /** @description The incident. */
            id: components["schemas"]["IncidentId"];
            /**
             * Format: int32
             * @description 1 to 4.
             */
            severity: number;
            /** @description Its state. */
            state: components["schemas"]["IncidentState"];
            /**
             * Format: int32
             * @description The newest version.
             */
            version: number;
        };
        /** @description The keys of a push subscription, in base64url. */
        SubscriptionKeys: {
            /** @description The phone's authentication secret. */
            auth: string;
            /** @description The phone's public key. */
            p256dh: string;
        };
        /** @description A push subscription, as the phone has it from its push service. */
        SubscriptionRequest: {
            /**
             * @description Where to post.
             * @example https://push.example.org/send/abc
             */
            endpoint: string;
            /** @description Its keys. */
            keys: components["schemas"]["SubscriptionKeys"];
        };
        /** @description A service that a survivor can ring. */
        SupportService: {
            /**
             * @description Its name.
             * @example National Stalking Helpline (Suzy Lamplugh Trust)
             */
            name: string;
            /**
             * @description For whom: `england`, `wales`, `scotland`, `northern_ireland`.
             * @example [
             *       "england",
             *       "wales"
             *     ]
             */
            areas: string[];
            /**
             * Format: date
             * @description When that was last checked.
             * @example 2023-04-27
             */
            checked_on: string;
            /** @description When it closes, where every source says that it is open, and not always so. */
            closes_at?: components["schemas"]["Instant"];
            /** @description Whether every source that we have says the same of that instant. */
            do_sources_agree: boolean;
            /** @description Days to come that differ. */
            exceptions: components["schemas"]["Exception"][];
            /**
             * @description The same in words: what to show first.
             * @example May be open: try.
             */
            headline: string;
            /** @description When it opens; none where it is always open. */
            hours: components["schemas"]["Opening"][];
            /**
             * @description What the hours alone do not tell.
             * @example Slightly later on Thursdays
             */
            hours_note?: string;
            /**
             * @description A word for it.
             * @example national_stalking_helpline
             */
            id: string;
            /** @description Whether somebody answers at any hour of any day. */
            is_always_open: boolean;
            /** @description Whether it is closed on bank holidays. */
            is_closed_on_bank_holidays: boolean;
            /** @description Whether it is for emergencies. */
            is_emergency: boolean;
            /** @description When it opens next, where it is closed. */
            next_opens_at?: components["schemas"]["Instant"];
            /** @description Whether it may be open at the instant asked for: false only where every source that we have says closed. */
            open_now: boolean;
            /** @description Whether it is open, closed, or may be open since sources differ. */
            opening: components["schemas"]["Opens"];
            /** @description What other sources say of its hours, where they differ. */
            other_hours: components["schemas"]["OtherHours"][];
            /**
             * @description Its number.
             * @example 0808 802 0300
             */
            phone: string;
            /** @description Where number and hours come from. */
            source: string;
            /**
             * @description The zone of these times (IANA).
             * @example Europe/London
             */
            time_zone: string;
            /** @description Other ways to reach it. */
            ways: components["schemas"]["Way"][];
        };
        /** @description Help lines as they are at one instant. */
        SupportServices: {
            /** @description The instant that `open_now` tells of. */
            at: components["schemas"]["Instant"];
            /**
             * Format: date
             * @description The last day for which bank holidays are known; after it, a line may be shown as open on one.
             * @example 2030-12-31
             */
            bank_holidays_known_until: string | null;
            /** @description The help lines, the emergency number first. */
            items: components["schemas"]["SupportService"][];
            /** @description Always null: there is one page. */
            next_cursor: string | null;
        };
        /** @description What came of each call. */
        Sync: {
            /**
             * Format: int64
             * @description By how many seconds the phone's clock is ahead of ours.
             */
            clock_offset_seconds?: number;
            /** @description One for each item, in their order. */
            items: components["schemas"]["SyncedItem"][];
            /** @description When they reached us. */
            received_at: components["schemas"]["Instant"];
        };
        /** @description One call. */
        SyncItem: {
            /** @description The body of that call */
            body: {
                /** @description What happened, in your own words. */
                account?: string;
                /** @description Answers to your own questions. */
                answers?: components["schemas"]["QuestionAnswer"][];
                /**
                 * Format: int32
                 * @description How full the phone's battery is, in percent.
                 * @example 9
                 */
                battery?: number;
                /**
                 * @description What was done: 1 to 20 different codes of `GET /public/v1/behaviours`.
                 * @example [
                 *       "loiter"
                 *     ]
                 */
                behaviours?: string[];
                /** @description Whether you want to be rung. */
                call_back?: boolean;
                /** @description Which check-in; without it, the one that is open, else an unscheduled one. */
                check_in_id?: components["schemas"]["CheckInId"];
                /** @description Whether children were present. */
                children_present?: boolean;
                /**
                 * @description How it is safe to get in touch.
                 * @example [
                 *       "sms"
                 *     ]
                 */
                contact_by?: components["schemas"]["Kind"][];
                /** @description Whether there was contact. */
                contact_since_last?: components["schemas"]["ContactSinceLast"];
                /**
                 * Format: int32
                 * @description How afraid you were, 0 (not at all) to 4.
                 * @example 2
                 */
                fear?: number;
                /**
                 * Format: int32
                 * @description 0 (not at all) to 4 (entirely).
                 * @example 3
                 */
                feeling_safe?: number;
                /**
                 * @description The police force of that place, from `GET /public/v1/forces`.
                 * @example derbyshire
                 */
                force_id?: string;
                /** @description When it happened. */
                happened?: components["schemas"]["HappenedRequest"];
                /** @description Whether it is going on now. Left out, what was reported before stays, and is not reported as news. */
                happening_now?: boolean;
                /**
                 * @description The id that the phone makes for it, so that it can be extended and ended before an answer has come; the same id sent
                 *     again is the same timer. Without it the server makes one.
                 */
                id?: components["schemas"]["TimerId"];
                /**
                 * Format: int32
                 * @description How much it changed how you live, 0 (not at all) to 4.
                 * @example 2
                 */
                impact?: number;
                /** @description Where you are; kept only while `location.moment` is on. */
                location?: components["schemas"]["Location"];
                /**
                 * Format: int64
                 * @description Minutes to add.
                 * @example 10
                 */
                minutes?: number;
                /**
                 * @description In your own words.
                 * @example Walking home from the station.
                 */
                note?: string;
                /** @description The condition of an order that this may break. */
                order_condition_id?: components["schemas"]["ConditionId"];
                /**
                 * @description Where.
                 * @example The bus stop
                 */
                place?: string;
                /** @description Whether police may speak to you about it. */
                police_may_contact?: boolean;
                /**
                 * @description What the police call it: a crime or log number.
                 * @example 14/98765/26
                 */
                police_reference?: string;
                /** @description A note for yourself; Holdfast never sends it. */
                private_note?: string;
                /**
                 * @description Why it is amended, as a code.
                 * @example remembered_more
                 */
                reason?: string;
                /** @description When the phone recorded it. */
                recorded_at?: components["schemas"]["Instant"];
                /** @description When it is to be opened further than now. */
                release_when?: components["schemas"]["ReleaseWhenRequest"];
                /** @description What you want about reporting it to the police. */
                reporting_wish?: components["schemas"]["ReportingWish"];
                /** @description Whether it is safe to get in touch. */
                safe_to_contact?: boolean;
                /** @description How it is. */
                status?: components["schemas"]["Answer"];
                /**
                 * @description Who else was targeted: family, friends, a new partner, colleagues.
                 * @example My sister
                 */
                third_parties?: string;
                /** @description Who may see it. */
                visibility?: components["schemas"]["Visibility"];
                /** @description How you are. */
                wellbeing?: components["schemas"]["Wellbeing"];
                /**
                 * @description Who saw or heard it.
                 * @example The neighbour
                 */
                witnesses?: string;
            };
            /**
             * @description The key of that call.
             * @example 0f4e9a3c-1
             */
            idempotency_key: string;
            /** @description `POST`. */
            method: components["schemas"]["SyncMethod"];
            /**
             * @description Where to: check-ins, help-now, incidents, `incidents/{id}/amend`, `incidents/drafts/{id}/submit` or timers of `/app/v1`.
             * @example /app/v1/check-ins
             */
            path: string;
        };
        /**
         * @description How the call is made.
         * @enum {string}
         */
        SyncMethod: "POST";
        /**
         * @description What a phone kept.
         * @example {
         *       "items": [
         *         {
         *           "body": {
         *             "recorded_at": "2026-11-21T20:14:05Z",
         *             "status": "safe"
         *           },
         *           "idempotency_key": "0f4e9a3c-1",
         *           "method": "POST",
         *           "path": "/app/v1/check-ins"
         *         }
         *       ]
         *     }
         */
        SyncRequest: {
            /** @description The calls, in the order in which they were recorded. */
            items: components["schemas"]["SyncItem"][];
            /** @description What time it is by the phone's clock as it sends this. */
            sent_at?: components["schemas"]["Instant"];
        };
        /** @description What came of one call. */
        SyncedItem: {
            /** @description The body likewise; of a refusal the problem document */
            body: {
                /**
                 * @description A URI that names the kind of problem.
                 * @example urn:holdfast:problem:not_found
                 */
                type?: string;
                /**
                 * @description One short sentence for people.
                 * @example There is nothing here for you
                 */
                title?: string;
                alert?: {
                    [key: string]: unknown;
                };
                /**
                 * @description A stable word for programs
                 * @example not_found
                 * @enum {string}
                 */
                code?: "malformed_request" | "malformed_json" | "idempotency_key_missing" | "idempotency_key_invalid" | "header_missing" | "unauthenticated" | "second_factor_required" | "forbidden" | "wrong_role" | "safe_needs_pin" | "pin_needed" | "phone_not_confirmed" | "wrong_pin" | "wrong_credentials" | "second_factor_enrolment_required" | "not_on_duty" | "second_person_needed" | "not_found" | "method_not_allowed" | "request_timeout" | "conflict" | "wrong_state" | "guard_not_met" | "already_exists" | "already_done" | "in_flight" | "code_word_needed" | "in_danger" | "unsafe_contact" | "contact_not_agreed" | "no_channel" | "ladder_not_simulated" | "rota_uncovered" | "offset_mismatch" | "evidence_held" | "evidence_locked" | "not_agreed" | "upload_gone" | "tus_version" | "stale" | "body_too_large" | "file_too_large" | "quota_exceeded" | "media_type_not_taken" | "unsupported_media_type" | "unsupported_encoding" | "invalid" | "idempotency_key_reused" | "unknown_reference" | "hash_mismatch" | "media_type_mismatch" | "precondition_required" | "too_many_requests" | "headers_too_large" | "checksum_mismatch" | "internal" | "unavailable";
                /**
                 * @description What is wrong with this request.
                 * @example There is nothing here for you
                 */
                detail?: string;
                /**
                 * @description JSON Pointers of what could not be read or kept of a danger that is happening, in part or at all; the empty one is the
                 *     body as a whole.
                 * @example [
                 *       "/behaviours/1"
                 *     ]
                 */
                dropped?: string[];
                /** @description When it was ended; after it had run out, this closes no alert. */
                ended_at?: components["schemas"]["Instant"];
                /** @description When it runs out. */
                ends_at?: components["schemas"]["Instant"];
                /** @description The fields that were refused. */
                errors?: components["schemas"]["ProblemField"][];
                /**
                 * Format: int32
                 * @description How often it was extended.
                 */
                extensions?: number;
                id?: string;
                /** @description Of "safe": whether it counts. `false` stops the reminders and no alarm: give your PIN and answer again. */
                is_proven?: boolean;
                /** @description In their own words. */
                note?: string;
                /**
                 * @description The id to give when asking for help.
                 * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
                 */
                request_id?: string;
                /**
                 * Format: int32
                 * @description 1 to 4.
                 */
                severity?: number;
                /** @description When it was started. */
                started_at?: components["schemas"]["Instant"];
                state?: string;
                /**
                 * Format: int32
                 * @description The HTTP status.
                 * @example 404
                 */
                status?: number;
                /**
                 * Format: int32
                 * @description The newest version.
                 */
                version?: number;
            };
            /** @description Its key. */
            idempotency_key: string;
            /** @description Whether it had been done before. */
            is_replayed: boolean;
            /**
             * Format: int32
             * @description The status that it would have been answered with.
             * @example 201
             */
            status: number;
        };
        /** @description One behaviour. */
        TimelineBehaviour: {
            /**
             * @description Its code.
             * @example message_text
             */
            behaviour: string;
            /**
             * Format: date
             * @description The first day on which it happened.
             */
            first_on: string;
            /**
             * Format: int64
             * @description Incidents with it.
             */
            incidents: number;
            /**
             * Format: date
             * @description The last.
             */
            last_on: string;
        };
        /** @description One day on which something happened. */
        TimelineDay: {
            /**
             * Format: int32
             * @description The gravest of them, 1 to 4.
             */
            gravest: number;
            /**
             * Format: int64
             * @description Incidents on it.
             */
            incidents: number;
            /**
             * Format: date
             * @description The day.
             */
            on: string;
        };
        /** @description One week, whether or not something happened. */
        TimelineWeek: {
            /**
             * Format: int32
             * @description The gravest of them, 1 to 4; 0 where there is none.
             */
            gravest: number;
            /**
             * Format: int64
             * @description Incidents in it.
             */
            incidents: number;
            /**
             * Format: date
             * @description Its Monday.
             */
            week_on: string;
        };
        /** @description A timer, for the survivor themselves or their advocate. */
        Timer: {
            /** @description When it was ended; after it had run out, this closes no alert. */
            ended_at?: components["schemas"]["Instant"];
            /** @description When it runs out. */
            ends_at: components["schemas"]["Instant"];
            /**
             * Format: int32
             * @description How often it was extended.
             */
            extensions: number;
            /** @description Its id; the phone's own where it made one. */
            id: components["schemas"]["TimerId"];
            /** @description In their own words. */
            note?: string;
            /** @description When it was started. */
            started_at: components["schemas"]["Instant"];
            /** @description Its state now. */
            state: components["schemas"]["TimerState"];
        };
        /**
         * Format: uuid
         * @example 019aa0c4-6f2e-7cc3-98c8-2d3a53a60b2f
         */
        TimerId: string;
        /** @description One page of a list. */
        TimerPage: {
            items: components["schemas"]["Timer"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @enum {string} */
        TimerState: "running" | "ended_safe" | "expired" | "missed" | "help_now";
        /** @description Tokens of a session. */
        Tokens: {
            /** @description For `Authorization: Bearer`. */
            access_token: string;
            /**
             * Format: int64
             * @description Seconds until the access token expires.
             * @example 600
             */
            expires_in: number;
            /** @description Gets the next pair of tokens. */
            refresh_token: string;
        };
        /** @description What was reported of an incident in one version, but for what the survivor keeps for themselves. */
        Told: {
            /** @description What happened. */
            account: string;
            /** @description Behaviour codes. */
            behaviours: string[];
            /** @description Whether children were present. */
            children_present?: boolean;
            /**
             * Format: int32
             * @description 0 to 4.
             */
            fear: number;
            /** @description The police force of that place. */
            force_id?: string;
            /** @description When it happened. */
            happened: components["schemas"]["Happened"];
            /** @description Whether it was going on as it was reported. */
            happening_now: boolean;
            /**
             * Format: int32
             * @description 0 to 4.
             */
            impact?: number;
            /** @description Whether a member of staff wrote it down for you. */
            is_recorded_by_staff: boolean;
            /** @description The order condition that it may breach. */
            order_condition_id?: components["schemas"]["ConditionId"];
            /** @description Where. */
            place?: string;
            /** @description Whether police may speak to the survivor about it. */
            police_may_contact: boolean;
            /** @description What the police call it. */
            police_reference?: string;
            /** @description When it was recorded. */
            recorded_at: components["schemas"]["Instant"];
            /** @description What was wanted about reporting it to the police. */
            reporting_wish?: components["schemas"]["ReportingWish"];
            /** @description Who else was targeted. */
            third_parties?: string;
            /** @description Who saw or heard it. */
            witnesses?: string;
        };
        /** @description The trusted contact, as it is now. */
        TrustedContact: {
            /** @description Who it is. */
            name: string;
            /** @description Whether that is so now. */
            is_in_force: boolean;
            /**
             * @description Their telephone.
             * @example +447700900789
             */
            phone: string;
            /** @description When. */
            set_at: components["schemas"]["Instant"];
            /**
             * @description Who set it: `survivor` or `staff`.
             * @example survivor
             */
            set_by: string;
            /** @description From when they may get messages: until then the contact before does. */
            starts_at: components["schemas"]["Instant"];
        };
        /** @description A trusted contact. */
        TrustedContactRequest: {
            /**
             * @description Who it is.
             * @example Bea, my sister
             */
            name: string;
            /**
             * @description A telephone that takes text messages.
             * @example +44 7700 900789
             */
            phone: string;
        };
        /** @description Unlocking a phone. */
        UnlockRequest: {
            /** @description The phone's id. */
            device_id: components["schemas"]["DeviceId"];
            /**
             * @description The phone's secret.
             * @example hfd_…
             */
            device_secret: string;
            /**
             * @description The PIN.
             * @example 4821
             */
            pin: string;
        };
        /**
         * @description Items of this page that are there and could not be read, by their ids: they are neither shown nor counted in `items`.
         *     Left out where there are none. `holdfast check` says more to the people who run the service.
         */
        Unreadable: string[];
        /** @description Something that the advocate released. */
        Update: {
            /**
             * @description Its reference.
             * @example AL-6F2K-8C3D-M
             */
            alert?: string;
            /** @description The alert that it is about. */
            alert_id?: components["schemas"]["AlertId"];
            /** @description When it was released. */
            at: components["schemas"]["Instant"];
            /** @description What is new in the programme. */
            code?: components["schemas"]["UpdateCode"];
            /**
             * @description What the force calls it.
             * @example SYP-20261121-0812
             */
            force_reference?: string;
            /**
             * @description The grade that the force gave it.
             * @example grade_1
             */
            grade?: string;
            /**
             * @description What it is in a sentence, in the reader's language.
             * @example The police told us that you are safe and well.
             */
            in_words: string;
            /** @description Whether this is out of date: the police have said something else since, or it began again. Left out where not. */
            is_superseded?: boolean;
            /**
             * @description What it is.
             * @example police_outcome
             */
            kind: string;
            /**
             * @description What the police said came of it.
             * @example safe_and_well
             */
            outcome?: string;
            /** @description A line about it. */
            words?: string;
        };
        /** @enum {string} */
        UpdateCode: "programme_started" | "programme_continuing" | "programme_paused" | "programme_ended_early" | "programme_completed" | "order_changed" | "talk_to_your_advocate";
        /** @description One page of a list. */
        UpdatePage: {
            items: components["schemas"]["Update"][];
            next_cursor: components["schemas"]["NextCursor"];
            unreadable?: components["schemas"]["Unreadable"];
        };
        /** @enum {string} */
        Visibility: "private" | "advocate" | "programme_summary" | "programme_full" | "police";
        /** @description Another way to reach a service, for those who cannot speak or hear on a telephone. */
        Way: {
            /**
             * @description The number or address.
             * @example 18001 101
             */
            address: string;
            /**
             * Format: date
             * @description When that was last checked.
             * @example 2026-11-25
             */
            checked_on: string;
            /**
             * @description How: `text`, `relay`, `sign_language`, `silent`, `email`.
             * @example relay
             */
            kind: string;
            /** @description What one needs to know first. */
            note: string;
            /** @description Where this comes from. */
            source: string;
        };
        /** @enum {string} */
        Weekday: "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
        /** @description How the survivor is; each from 0 (not at all) to 4 (entirely). */
        Wellbeing: {
            /**
             * Format: int32
             * @description Whether they feel calm.
             * @example 2
             */
            calm?: number;
            /**
             * Format: int32
             * @description Whether they cope with the day.
             * @example 3
             */
            coping?: number;
            /**
             * Format: int32
             * @description Whether they slept.
             * @example 2
             */
            sleep?: number;
            /**
             * Format: int32
             * @description Whether they have somebody to turn to.
             * @example 3
             */
            support?: number;
        };
        /** @description Why an incident is taken back. */
        WithdrawRequest: {
            /** @description In your own words; you need not say. */
            reason?: string;
        };
        /** @description An incident that was taken back. */
        WithdrawnIncident: {
            /** @description The incident. */
            id: components["schemas"]["IncidentId"];
            /** @description Its state: `withdrawn`. */
            state: components["schemas"]["IncidentState"];
        };
        /** @enum {string} */
        Wording: "plain" | "diary";
    };
    responses: {
        /** @description It was done; there is nothing to show */
        Done: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description It was done; there is nothing to show */
        "Done.optional": {
            headers: {
                "Tus-Resumable": components["headers"]["Tus-Resumable"];
                "Tus-Version": components["headers"]["Tus-Version"];
                "Upload-Expires": components["headers"]["Upload-Expires"];
                "Upload-Offset": components["headers"]["Upload-Offset"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The request could not be read */
        Problem400: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Valid credentials are needed */
        Problem401: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This is not yours to do */
        Problem403: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is nothing here for you */
        Problem404: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request took too long to arrive */
        Problem408: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The state does not allow this */
        Problem409: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This upload has expired or was given up */
        Problem410: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The resource has changed since you read it */
        Problem412: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This server speaks tus 1.0.0 */
        "Problem412.optional": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large */
        Problem413: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Compressed bodies are not accepted */
        Problem415: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Some fields are not valid */
        Problem422: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This call needs an If-Match header */
        Problem428: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many attempts; wait a while */
        Problem429: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The headers are too large */
        Problem431: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something went wrong on our side */
        Problem500: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The service cannot take this now; try again */
        Problem503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It was done; there is nothing to show */
        RepeatableDone: {
            headers: {
                "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: {
        /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
        "Idempotency-Key": string;
        /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
        "Idempotency-Key.required": string;
        /** @description The ETag that you read */
        "If-Match": string;
        /**
         * @description The version of tus
         * @example 1.0.0
         */
        "Tus-Resumable": string;
        /** @description `next_cursor` of the page before. */
        cursor: string;
        /** @description Which alert */
        "id.AlertId": components["schemas"]["AlertId"];
        /** @description Which device */
        "id.DeviceId": components["schemas"]["DeviceId"];
        /** @description Which evidence */
        "id.EvidenceId": components["schemas"]["EvidenceId"];
        /** @description Which incident */
        "id.IncidentId": components["schemas"]["IncidentId"];
        /** @description Which timer */
        "id.TimerId": components["schemas"]["TimerId"];
        /** @description Only those of one incident. */
        incident_id: components["schemas"]["IncidentId"];
        /**
         * @description How many items at most.
         * @example 50
         */
        limit: number;
    };
    requestBodies: never;
    headers: {
        /** @description `bytes`: parts of the file can be asked for with `Range` */
        "Accept-Ranges": string;
        /** @description The name under which to save the file */
        "Content-Disposition": string;
        /** @description Which bytes of the file these are */
        "Content-Range": string;
        /** @description The version that is shown: give it as `If-Match` to change just that */
        ETag: string;
        /** @description `true` where this call was carried out before, and its answer is repeated */
        "Idempotent-Replayed": string;
        /** @description Where the next page is, as `rel="next"`; left out on the last one */
        Link: string;
        /** @description Where to send the file */
        Location: string;
        /** @description How many seconds to wait */
        "Retry-After": number;
        /** @description The version of tus */
        "Tus-Resumable": string;
        /** @description The versions of tus that are spoken */
        "Tus-Version": string;
        /** @description When the upload must have ended */
        "Upload-Expires": string;
        /** @description How many bytes are there */
        "Upload-Offset": number;
        /** @description `Bearer` */
        "WWW-Authenticate": string;
        /** @description The id of this call, to give when asking for help */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_access_log: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_own_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which alert */
                id: components["parameters"]["id.AlertId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnAlert"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_check_ins: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckInPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_check_in: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCheckInRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submitted"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_next_check_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckIn"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description No check-in is planned */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_consents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_consent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A scope or setting
                 * @example share.programme.status
                 */
                scope: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConsentRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsentReceipt"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_devices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DevicePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_push: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which device */
                id: components["parameters"]["id.DeviceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PushRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Push"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_push: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which device */
                id: components["parameters"]["id.DeviceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revoke_own_device: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path: {
                /** @description Which device */
                id: components["parameters"]["id.DeviceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeDeviceRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevokedDevice"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_disclosures: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DisclosurePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_enrolment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolled"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_evidence: {
        parameters: {
            query?: {
                /** @description Only those of one incident. */
                incident_id?: components["parameters"]["incident_id"];
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnEvidencePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_evidence: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvidenceRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnEvidence"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_evidence_upload: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The version of tus
                 * @example 1.0.0
                 */
                "Tus-Resumable": components["parameters"]["Tus-Resumable"];
                /**
                 * @description Bytes of the file
                 * @example 11
                 */
                "Upload-Length": number;
                /**
                 * @description filetype and sha256 (hexadecimal digits); perhaps filename, incident_id, visibility, recorded_at
                 * @example filetype dGV4dC9wbGFpbg==,sha256 Yjk0ZDI3Yjk5MzRkM2UwOGE1MmU1MmQ3ZGE3ZGFiZmFjNDg0ZWZlMzdhNTM4MGVlOTA4OGY3YWNlMmVmY2RlOQ==
                 */
                "Upload-Metadata": string;
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    Location: components["headers"]["Location"];
                    "Tus-Resumable": components["headers"]["Tus-Resumable"];
                    "Tus-Version": components["headers"]["Tus-Version"];
                    "Upload-Expires": components["headers"]["Upload-Expires"];
                    "Upload-Offset": components["headers"]["Upload-Offset"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnEvidence"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412.optional"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_evidence_upload: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The version of tus
                 * @example 1.0.0
                 */
                "Tus-Resumable": components["parameters"]["Tus-Resumable"];
            };
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done.optional"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412.optional"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_evidence_upload: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The version of tus
                 * @example 1.0.0
                 */
                "Tus-Resumable": components["parameters"]["Tus-Resumable"];
                /**
                 * @description Where the piece begins
                 * @example 0
                 */
                "Upload-Offset": number;
                /**
                 * @description sha1 or sha256, a space, and the piece's hash in base64
                 * @example sha256 sr6Y7SdPBHQztWgHF+WYGmQWEQAqWoQgbQD8AnU5UYs=
                 */
                "Upload-Checksum"?: string;
            };
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            204: components["responses"]["Done.optional"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            410: components["responses"]["Problem410"];
            412: components["responses"]["Problem412.optional"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            /** @description The bytes were changed on the way; send them again */
            460: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_evidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnEvidence"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_evidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    patch_evidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchEvidenceRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnEvidence"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_evidence_actions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Actions"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_evidence_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                    "application/octet-stream": string;
                };
            };
            /** @description The part that was asked for */
            206: {
                headers: {
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    "Content-Range": components["headers"]["Content-Range"];
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_evidence_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnEvidence"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            410: components["responses"]["Problem410"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_evidence_custody: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Custody"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_evidence_display: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which evidence */
                id: components["parameters"]["id.EvidenceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                    "application/octet-stream": string;
                };
            };
            /** @description The part that was asked for */
            206: {
                headers: {
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    "Content-Range": components["headers"]["Content-Range"];
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_help_now: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["HelpNowRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HelpNow"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_own_household: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HouseholdMemberPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_own_household_member: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HouseholdMemberRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HouseholdMember"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_incidents: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnIncidentPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_incident: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IncidentRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmittedIncident"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_incident_drafts: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftLinePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_incident_draft: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftLine"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_incident_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_incident_draft: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that you read */
                "If-Match": components["parameters"]["If-Match"];
            };
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftLine"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_incident_draft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    submit_incident_draft: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmptyRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmittedIncident"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_incident_timeline: {
        parameters: {
            query?: {
                /**
                 * @description The first day; without one, twelve weeks before the last.
                 * @example 2026-09-01
                 */
                from?: string;
                /**
                 * @description The last day; without one, today. At most 366 days are shown.
                 * @example 2026-11-20
                 */
                to?: string;
                /**
                 * @description The time zone that decides which day it was; without one, that of your check-ins, else Europe/London.
                 * @example Europe/London
                 */
                time_zone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentTimeline"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_incident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnIncidentDetail"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    amend_incident: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that you read; left out: whatever stands */
                "If-Match"?: string;
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AmendRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmittedIncident"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_private_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateNote"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_incident_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_incident_release: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that you read */
                "If-Match": components["parameters"]["If-Match"];
            };
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseWhenRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_incident_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    withdraw_incident: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path: {
                /** @description Which incident */
                id: components["parameters"]["id.IncidentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawnIncident"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_ladder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_messages: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_message: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateMessageRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    record_message_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which message */
                id: components["schemas"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Read"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_own_orders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnOrderRecordPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_own_questions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_own_safe_contact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SafeContact"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_own_safety_plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SafetyPlan"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_own_safety_plan: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag that you read */
                "If-Match": components["parameters"]["If-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnPlanRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SafetyPlan"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    confirm_own_safety_plan: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmPlanRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SafetyPlan"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_own_schedules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    confirm_session: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmRequest"];
            };
        };
        responses: {
            204: components["responses"]["RepeatableDone"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    lock_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            204: components["responses"]["Done"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    change_pin: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePinRequest"];
            };
        };
        responses: {
            204: components["responses"]["RepeatableDone"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    refresh_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    unlock_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnlockRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_sync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sync"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_timers: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimerPage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    create_timer: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTimerRequest"];
            };
        };
        responses: {
            /** @description It was created */
            201: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_timer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which timer */
                id: components["parameters"]["id.TimerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    end_timer: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path: {
                /** @description Which timer */
                id: components["parameters"]["id.TimerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndTimerRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    extend_timer: {
        parameters: {
            query?: never;
            header: {
                /** @description Makes a repeat of this call harmless: the same key and body give the same answer. A new one for each act */
                "Idempotency-Key": components["parameters"]["Idempotency-Key.required"];
            };
            path: {
                /** @description Which timer */
                id: components["parameters"]["id.TimerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExtendTimerRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_own_trusted_contact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustedContact"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    put_own_trusted_contact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustedContactRequest"];
            };
        };
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustedContact"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            408: components["responses"]["Problem408"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_own_trusted_contact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Done"];
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            409: components["responses"]["Problem409"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_updates: {
        parameters: {
            query?: {
                /**
                 * @description How many items at most.
                 * @example 50
                 */
                limit?: components["parameters"]["limit"];
                /** @description `next_cursor` of the page before. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdatePage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    get_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Problem400"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            /** @description Not ready */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    list_behaviours: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BehaviourPage"];
                };
            };
            400: components["responses"]["Problem400"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_forces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForcePage"];
                };
            };
            400: components["responses"]["Problem400"];
            415: components["responses"]["Problem415"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    list_support_services: {
        parameters: {
            query?: {
                /**
                 * @description The instant that `open_now` tells of; without one, now.
                 * @example 2026-11-20T10:00:00Z
                 */
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was asked for, or what was done */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SupportServices"];
                };
            };
            400: components["responses"]["Problem400"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            431: components["responses"]["Problem431"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
