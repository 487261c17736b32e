"""Everything Qt: it shows what the gateway tells and reports what the person wishes; it decides nothing.

``gateway_link``   the control protocol as signals, by     ``models``   what the gateway last told
``gateway_device`` and ``waiting``
``application``    joins link, models, window and tray    ``pages``    one a file
``main_window``    ``sidebar`` ``banners`` of ``strip``s     ``approval`` the prompt
``tray``           ``tray_menu`` as values                ``parts``    what pages are made of
``theme``          ``icons`` ``looks`` ``words``: how it looks and speaks, each in one place
"""
